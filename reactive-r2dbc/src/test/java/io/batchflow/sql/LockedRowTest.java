package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Waiting for a lock ends with the row that needs it. */
@Tag("server")
class LockedRowTest {

  private static final int ROWS = 40;
  private static final int LOCKED = 7;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Schema EVENTS =
      Schema.table("events")
          .columns("id", "v")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final Path directory;

  LockedRowTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Applies to later sessions. MariaDB counts in seconds. */
  private static void waitForLocks(Backend backend, boolean shortly) {
    if (backend.connection().toString().contains("mariadb")) {
      backend.run("SET GLOBAL innodb_lock_wait_timeout = " + (shortly ? 1 : 50));
    } else {
      backend.run("ALTER DATABASE postgres SET lock_timeout = '" + (shortly ? "100ms" : "0") + "'");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"POSTGRES", "POSTGRES_JDBC", "MARIADB", "MARIADB_BY_MYSQL", "MARIADB_JDBC"})
  void aRowThatAnotherSessionHasLockedCostsItself(Backend.Kind kind) throws SQLException {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE events (id BIGINT PRIMARY KEY, v VARCHAR(60))",
          "INSERT INTO events VALUES (" + LOCKED + ", 'held')");
      waitForLocks(backend, true);
      List<Outcome<Row>> outcomes;
      try {
        backend.connection().setAutoCommit(false);
        backend.run("UPDATE events SET v = 'held still' WHERE id = " + LOCKED);
        outcomes = submit(backend);
        backend.connection().rollback();
        backend.connection().setAutoCommit(true);
      } finally {
        waitForLocks(backend, false);
      }

      assertThat(outcomes)
          .filteredOn(outcome -> !outcome.isWritten())
          .singleElement()
          .satisfies(
              outcome -> {
                assertThat(outcome.row().tag()).isEqualTo(LOCKED);
                assertThat(outcome.error()).isInstanceOf(BatchWriteException.class);
              });
      assertThat(backend.read("SELECT COUNT(*) FROM events WHERE v = 'new'"))
          .containsExactly(List.of(ROWS - 1L));
    }
  }

  private static List<Outcome<Row>> submit(Backend backend) {
    BatchFlow flow =
        BatchFlow.builder(backend.writer())
            .concurrency(1)
            .retry(Retry.fixedDelay(1, Duration.ofMillis(1)))
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(ROWS)
                    .maxDelay(Duration.ofMinutes(1))
                    .lingerWhenIdle(true)
                    .deliveryTimeout(Duration.ofMinutes(10))
                    .build())
            .build();
    List<Outcome<Row>> outcomes =
        flow.submitAll(
                Flux.fromStream(
                    IntStream.range(0, ROWS)
                        .mapToObj(id -> EVENTS.row().set("id", (long) id).set("v", "new").tag(id))))
            .collectList()
            .block(PATIENCE);
    return outcomes == null ? List.of() : outcomes;
  }
}
