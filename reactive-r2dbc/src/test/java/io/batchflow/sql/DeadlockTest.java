package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** Flows know nothing of each other, as those of several processes. */
class DeadlockTest {

  private static final int WRITERS = 16;
  private static final int HOT_KEYS = 1_000;
  private static final int ROWS = 4_000;
  private static final Schema COUNTERS =
      Schema.table("counters")
          .columns("id", "n")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final Path directory;

  DeadlockTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static Stream<Backend.Kind> servers() {
    return Backend.kinds().filter(kind -> kind.isPostgres() || kind.isMySql());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void flowsThatUpdateTheSameKeysInDifferentOrdersDoNotDeadlock(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT)");
      List<BatchFlow> flows = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        BatchWriter writer = backend.anotherWriter();
        flows.add(
            BatchFlow.builder(writer)
                .concurrency(1)
                .defaultPolicy(BatchPolicy.builder().maxSize(500).build())
                .build());
      }
      List<Outcome> outcomes =
          Flux.range(0, WRITERS)
              .flatMap(
                  writer -> {
                    Random random = new Random(writer);
                    return flows
                        .get(writer)
                        .submitAll(
                            Flux.range(0, ROWS)
                                .map(
                                    i ->
                                        COUNTERS
                                            .request()
                                            .set("id", (long) random.nextInt(HOT_KEYS))
                                            .set("n", i)));
                  },
                  WRITERS)
              .collectList()
              .block(Duration.ofMinutes(2));

      assertThat(outcomes).hasSize(WRITERS * ROWS).allMatch(Outcome::isWritten);
      // A deadlock would have been a failure that was tried again.
      assertThat(flows.stream().mapToLong(flow -> flow.stats().retries()).sum()).isZero();
      Flux.fromIterable(flows).flatMap(BatchFlow::close).blockLast(Duration.ofMinutes(1));
      assertThat(backend.read("SELECT COUNT(*) FROM counters"))
          .containsExactly(List.of((long) HOT_KEYS));
    }
  }
}
