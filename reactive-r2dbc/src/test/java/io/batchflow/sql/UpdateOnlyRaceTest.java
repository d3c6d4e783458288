package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** Rows that only update, while another session inserts and deletes their keys. */
@Tag("server")
class UpdateOnlyRaceTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int KEYS = 8;
  private static final int ROUNDS = 400;

  private static final Schema TOKENS =
      Schema.table("tokens")
          .columns("id", "v")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .onAbsent(AbsentStrategy.REJECT)
          .build();

  private final Path directory;

  UpdateOnlyRaceTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Another session. It records the last value of each row that it deletes. */
  private static final class Other {

    private final Backend backend;
    private final Random random = new Random(7);
    private final List<Set<Integer>> seen = new ArrayList<>();

    Other(Backend backend) {
      this.backend = backend;
      for (int key = 0; key < KEYS; key++) {
        seen.add(new HashSet<>());
      }
    }

    void run(AtomicBoolean over) {
      Connection connection = backend.connection();
      try {
        connection.setAutoCommit(false);
        while (!over.get()) {
          step(connection, random.nextInt(KEYS));
        }
        connection.setAutoCommit(true);
      } catch (SQLException failure) {
        throw new AssertionError(failure);
      }
    }

    private void step(Connection connection, int key) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        Integer value = value(statement, key);
        statement.execute(
            value == null
                ? "INSERT INTO tokens VALUES (" + key + ", -1)"
                : "DELETE FROM tokens WHERE id = " + key);
        connection.commit();
        if (value != null) {
          seen.get(key).add(value);
        }
      } catch (SQLException lostARace) {
        connection.rollback();
      }
    }

    private @Nullable Integer value(Statement statement, int key) throws SQLException {
      String query = "SELECT v FROM tokens WHERE id = " + key + " FOR UPDATE";
      try (ResultSet row = statement.executeQuery(query)) {
        return row.next() ? row.getInt(1) : null;
      }
    }

    /** Adds the values that are left. */
    List<Set<Integer>> seen() {
      backend
          .read("SELECT id, v FROM tokens")
          .forEach(
              row -> seen.get(((Long) row.get(0)).intValue()).add(((Long) row.get(1)).intValue()));
      return seen;
    }
  }

  /** The rounds of a key in which its row was there, and those in which it was not. */
  private record Told(List<Integer> written, List<Integer> absent) {

    Told() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(int round, Outcome<Row> outcome) {
      if (outcome.isWritten()) {
        written.add(round);
      } else {
        assertThat(outcome.error()).isInstanceOf(RowAbsentException.class);
        absent.add(round);
      }
    }

    /** Returns the values that somebody must see: each is the last one before the row was gone. */
    List<Integer> last() {
      return written.stream().filter(round -> !written.contains(round + 1)).toList();
    }
  }

  /**
   * A row told written is seen by the session that deletes it, unless a later row replaced it. A
   * row told absent is never seen. SQLite is left out: it lets one session write at a time.
   */
  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {
        "H2_MEMORY",
        "H2_JDBC",
        "POSTGRES",
        "POSTGRES_JDBC",
        "MARIADB",
        "MARIADB_BY_MYSQL",
        "MARIADB_JDBC"
      })
  void theOutcomeHoldsWhileAnotherSessionInsertsAndDeletes(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE tokens (id INTEGER PRIMARY KEY, v INTEGER)");
      Other other = new Other(backend);
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Void> running = CompletableFuture.runAsync(() -> other.run(over));
      BatchFlow flow = BatchFlow.builder(backend.anotherWriter()).build();
      List<Told> told = new ArrayList<>();
      for (int key = 0; key < KEYS; key++) {
        told.add(new Told());
      }
      for (int round = 0; round < ROUNDS; round++) {
        int token = round;
        Flux<Row> rows =
            Flux.range(0, KEYS).map(key -> TOKENS.row().set("id", key).set("v", token));
        for (Outcome<Row> outcome :
            flow.submitAll(rows).collectList().blockOptional(PATIENCE).orElseThrow()) {
          told.get((Integer) outcome.row().value("id")).add(token, outcome);
        }
      }
      over.set(true);
      running.join();
      flow.close().block(PATIENCE);

      List<Set<Integer>> seen = other.seen();
      for (int key = 0; key < KEYS; key++) {
        assertThat(seen.get(key)).as("seen of key %s", key).containsAll(told.get(key).last());
        assertThat(seen.get(key)).doesNotContainAnyElementsOf(told.get(key).absent());
        assertThat(told.get(key).written()).isNotEmpty();
        assertThat(told.get(key).absent()).isNotEmpty();
      }
    }
  }
}
