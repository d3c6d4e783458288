package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.testservers.RedisProcess;
import io.batchflow.testservers.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** A batch that never had a connection was not sent, whatever deadline passes. */
@Tag("server")
class NeverSentTest {

  private static final Schema COUNTS = Schema.table("counts").columns("id", "n").build();

  private final Path directory;

  NeverSentTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void aBatchWhoseConnectionIsBeingOpenedWasNotSent() throws Exception {
    try (RedisProcess server = RedisProcess.start(directory);
        TcpProxy proxy = TcpProxy.before("localhost", server.port())) {
      BatchFlow flow =
          BatchFlow.builder(
                  RedisBatchWriter.builder("redis://localhost:" + proxy.port())
                      .map(COUNTS, RedisMapping.incrBy("{id}", "n"))
                      .build())
              .writeTimeout(Duration.ofMillis(300))
              .writeGrace(Duration.ofMillis(100))
              .retry(Retry.fixedDelay(1, Duration.ofMillis(10)))
              .build();
      proxy.stall(true);

      Outcome<Row> outcome =
          flow.submitAll(Flux.just(COUNTS.row().set("id", "n").set("n", 1)))
              .blockLast(Sandbox.PATIENCE);

      assertThat(outcome.status()).isEqualTo(OutcomeStatus.NOT_SENT);
      proxy.heal();
      flow.close().block(Sandbox.PATIENCE);
    }
  }
}
