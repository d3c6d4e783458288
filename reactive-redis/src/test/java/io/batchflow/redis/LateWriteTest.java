package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.health.FlowHealth;
import io.batchflow.testservers.RedisProcess;
import io.batchflow.testservers.TcpProxy;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A cancelled write that the network still holds never overwrites a newer value. */
@Tag("server")
class LateWriteTest {

  private static final Schema TEXTS =
      Schema.table("texts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final RedisProcess server;
  private final TcpProxy proxy;
  private final RedisClient beside;
  private final RedisCommands<String, String> redis;

  LateWriteTest(@TempDir Path directory) throws IOException {
    this.server = RedisProcess.start(directory);
    this.proxy = TcpProxy.before("localhost", server.port());
    this.beside = RedisClient.create(server.uri());
    this.redis = beside.connect().sync();
  }

  @AfterEach
  void cleanUp() {
    proxy.close();
    beside.shutdown();
    server.close();
  }

  /**
   * @param timeout the timeout of the writer, which may come before or after that of the flow
   */
  private BatchFlow flow(String user, Duration timeout) {
    return BatchFlow.builder(
            RedisBatchWriter.builder("redis://" + user + "localhost:" + proxy.port())
                .timeout(timeout)
                .map(TEXTS, RedisMapping.set("{id}", "value"))
                .build())
        .writeTimeout(Duration.ofMillis(500))
        .writeGrace(Duration.ofSeconds(1))
        .retry(Retry.fixedDelay(100, Duration.ofMillis(20)))
        .build();
  }

  private static Mono<Outcome<Row>> text(BatchFlow flow, String value) {
    return flow.submitAll(Flux.just(TEXTS.row().set("id", "k").set("value", value))).last();
  }

  private static Outcome<Row> write(BatchFlow flow, String value) {
    return text(flow, value).block(Sandbox.PATIENCE);
  }

  @ParameterizedTest
  @ValueSource(longs = {300, 10_000})
  void aWriteThatIsGivenUpAtItsDeadlineNeverLandsOverANewerValue(long timeout) throws Exception {
    BatchFlow flow = flow("", Duration.ofMillis(timeout));
    assertThat(write(flow, "first").isWritten()).isTrue();
    TcpProxy.Hold held = proxy.holdNext();

    Outcome<Row> old = write(flow, "old");
    Outcome<Row> newer = write(flow, "new");
    held.release();

    assertThat(old.isWritten()).isTrue();
    assertThat(old.result().attempts()).isGreaterThan(1);
    assertThat(newer.isWritten()).isTrue();
    assertThat(redis.get("k")).isEqualTo("new");
    assertThat(flow.health().reasons()).doesNotContain(FlowHealth.Reason.LATE_WRITE);
    flow.close().block(Sandbox.PATIENCE);
  }

  @Test
  void aWriteWhoseConnectionIsLostNeverLandsOverANewerValue() throws Exception {
    BatchFlow flow = flow("", Duration.ofSeconds(10));
    assertThat(write(flow, "first").isWritten()).isTrue();
    TcpProxy.Hold held = proxy.holdNext();
    Mono<Outcome<Row>> old = text(flow, "old").cache();
    old.subscribe();
    held.awaitCaught();
    held.loseClient();

    assertThat(old.block(Sandbox.PATIENCE).isWritten()).isTrue();
    assertThat(write(flow, "new").isWritten()).isTrue();
    held.release();

    assertThat(redis.get("k")).isEqualTo("new");
    flow.close().block(Sandbox.PATIENCE);
  }

  @Test
  void whoMayEndNoConnectionHasUnknownRowsAndHealthSaysSo() throws Exception {
    redis.aclSetuser(
        "writer",
        AclSetuserArgs.Builder.on()
            .addPassword("secret")
            .allKeys()
            .allCommands()
            .removeCommand(CommandType.CLIENT));
    BatchFlow flow = flow("writer:secret@", Duration.ofMillis(300));
    assertThat(write(flow, "first").isWritten()).isTrue();
    TcpProxy.Hold held = proxy.holdNext();

    Outcome<Row> old = write(flow, "old");

    assertThat(old.status()).isEqualTo(OutcomeStatus.UNKNOWN);
    assertThat(flow.health().reasons()).contains(FlowHealth.Reason.LATE_WRITE);
    held.release();
    flow.close().block(Sandbox.PATIENCE);
  }
}
