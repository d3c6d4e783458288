package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.testservers.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** A failure that no retry can mend is not retried until the delivery timeout. */
@Tag("server")
class RefusedConnectionTest {

  private static final Schema COUNTS = Schema.table("counts").columns("id", "n").build();

  private final Path directory;
  private final RedisProcess server;

  RefusedConnectionTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.server = RedisProcess.start(directory);
  }

  @AfterEach
  void cleanUp() {
    server.close();
  }

  private void askForPassword(RedisProcess asking) {
    RedisClient client = RedisClient.create(asking.uri());
    client.connect().sync().configSet("requirepass", "right");
    client.shutdown();
  }

  /** A flow that would retry for an hour. */
  private static void assertFailsAtOnce(RedisBatchWriter.Builder builder) {
    AtomicInteger writes = new AtomicInteger();
    RedisBatchWriter redis = builder.map(COUNTS, RedisMapping.incrBy("{id}", "n")).build();
    BatchWriter counted =
        redis.decorate(
            (batch, write) -> {
              writes.incrementAndGet();
              return write;
            });
    BatchFlow flow =
        BatchFlow.builder(counted)
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(20)
                    .maxDelay(Duration.ofHours(1))
                    .lingerWhenIdle(true)
                    .deliveryTimeout(Duration.ofHours(2))
                    .build())
            .build();

    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.range(0, 20).map(id -> COUNTS.row().set("id", id).set("n", 1)))
            .collectList()
            .block(Sandbox.PATIENCE);

    assertThat(outcomes)
        .hasSize(20)
        .allSatisfy(
            outcome -> {
              assertThat(outcome.status()).isEqualTo(OutcomeStatus.REJECTED);
              assertThat(outcome.error()).isInstanceOf(BatchWriteException.class);
              assertThat(outcome.error()).cause().isInstanceOf(RedisWriteException.class);
              assertThat(outcome.error())
                  .cause()
                  .hasMessageContaining("Correct the")
                  .message()
                  .doesNotContain("wrong");
              assertThat(redis.failureClassifier().classify(outcome.error().getCause()))
                  .isEqualTo(FailureKind.UNUSABLE);
            });
    assertThat(writes).hasValue(1);
    flow.close().block(Sandbox.PATIENCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":wrong@", "stranger:wrong@"})
  void aWrongPasswordFailsAtOnce(String credentials) {
    askForPassword(server);

    assertFailsAtOnce(
        RedisBatchWriter.builder("redis://" + credentials + "localhost:" + server.port()));
  }

  @Test
  void aDatabaseThatIsNotThereFailsAtOnce() {
    assertFailsAtOnce(RedisBatchWriter.builder(server.uri() + "/999"));
  }

  /**
   * With the older protocol the connection opens without a password, and every command is rejected.
   */
  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void aMissingPasswordFailsAtOnceByEachProtocol(ProtocolVersion protocol) {
    askForPassword(server);
    RedisClient client = RedisClient.create(server.uri());
    client.setOptions(
        RedisBatchWriter.clientOptions()
            .protocolVersion(protocol)
            .pingBeforeActivateConnection(false)
            .build());

    assertFailsAtOnce(RedisBatchWriter.builder(client, RedisURI.create(server.uri())));
    client.shutdown();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":wrong@", "stranger:wrong@"})
  void aWrongPasswordToAClusterFailsAtOnce(String credentials) throws IOException {
    Path own = Files.createDirectory(directory.resolve("cluster"));
    try (RedisProcess node =
        RedisProcess.start(own, "--cluster-enabled", "yes", "--dir", own.toString())) {
      askForPassword(node);

      assertFailsAtOnce(
          RedisBatchWriter.clusterBuilder("redis://" + credentials + "localhost:" + node.port()));
    }
  }

  @Test
  void aWrongPasswordToTheMasterThatSentinelNamesFailsAtOnce() throws IOException {
    askForPassword(server);
    Path configuration = directory.resolve("sentinel.conf");
    Files.writeString(configuration, "sentinel monitor main 127.0.0.1 " + server.port() + " 1\n");
    try (RedisProcess sentinel = RedisProcess.startSentinel(directory, "sentinel.conf")) {
      assertFailsAtOnce(
          RedisBatchWriter.builder(
              "redis-sentinel://:wrong@localhost:" + sentinel.port() + "/0#main"));
    }
  }
}
