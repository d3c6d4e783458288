package io.batchflow.sql;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchListener;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** The flows do not know each other, like those of several processes. */
@Tag("server")
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
      List<Outcome<Row>> outcomes =
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
                                            .row()
                                            .set("id", (long) random.nextInt(HOT_KEYS))
                                            .set("n", i)));
                  },
                  WRITERS)
              .collectList()
              .block(Duration.ofMinutes(2));

      assertThat(outcomes).hasSize(WRITERS * ROWS).allMatch(Outcome::isWritten);
      // A deadlock would have been a retried failure.
      assertThat(flows.stream().mapToLong(flow -> flow.stats().retries()).sum()).isZero();
      Flux.fromIterable(flows).flatMap(BatchFlow::close).blockLast(Duration.ofMinutes(1));
      assertThat(backend.read("SELECT COUNT(*) FROM counters"))
          .containsExactly(List.of((long) HOT_KEYS));
    }
  }

  record Keys(Backend.Kind kind, String type, ConflictStrategy how) {}

  static Stream<Keys> keys() {
    return servers()
        .flatMap(
            kind -> {
              List<String> types =
                  kind.isPostgres()
                      ? List.of("public.citext", "text", "char(9)")
                      : List.of(
                          "VARCHAR(9) COLLATE utf8mb4_general_ci",
                          "VARCHAR(9) COLLATE utf8mb4_bin");
              return types.stream()
                  .flatMap(
                      type ->
                          Stream.of(ConflictStrategy.UPDATE, ConflictStrategy.IGNORE)
                              .map(how -> new Keys(kind, type, how)));
            });
  }

  /** Two flows with several batches in flight, by any rule for keys. */
  @ParameterizedTest
  @MethodSource("keys")
  void flowsWhoseKeysAreTextsDoNotDeadlock(Keys keys) {
    Schema schema =
        Schema.table("texts").columns("id", "n").conflictKey("id").onConflict(keys.how).build();
    try (Backend backend = keys.kind.open(directory)) {
      if (keys.kind.isPostgres()) {
        backend.run(
            "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;"
                + " EXCEPTION WHEN unique_violation THEN NULL; END $$");
      }
      backend.run("CREATE TABLE texts (id " + keys.type + " PRIMARY KEY, n BIGINT)");
      List<String> retried = new CopyOnWriteArrayList<>();
      BatchListener listener =
          new BatchListener() {
            @Override
            public void onRetry(Batch batch, int attempt, Throwable failure) {
              retried.add(String.valueOf(failure));
            }
          };
      List<BatchFlow> flows =
          Stream.generate(
                  () ->
                      BatchFlow.builder(backend.anotherWriter())
                          .listener(listener)
                          .defaultPolicy(BatchPolicy.builder().maxSize(200).build())
                          .build())
              .limit(2)
              .toList();
      List<Outcome<Row>> outcomes =
          Flux.range(0, 2)
              .flatMap(
                  writer -> {
                    Random random = new Random(writer);
                    return flows
                        .get(writer)
                        .submitAll(
                            Flux.range(0, ROWS)
                                .map(
                                    i -> {
                                      String id = "k" + random.nextInt(HOT_KEYS);
                                      return schema
                                          .row()
                                          .set(
                                              "id",
                                              random.nextBoolean() ? id : id.toUpperCase(ROOT))
                                          .set("n", i);
                                    }));
                  },
                  2)
              .collectList()
              .block(Duration.ofMinutes(2));

      assertThat(outcomes).hasSize(2 * ROWS).allMatch(Outcome::isWritten);
      assertThat(retried).isEmpty();
      Flux.fromIterable(flows).flatMap(BatchFlow::close).blockLast(Duration.ofMinutes(1));
    }
  }
}
