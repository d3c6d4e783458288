package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchFlowException;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** Rows that update rows that exist, and insert none. */
@Tag("server")
class UpdateOnlyTest {

  private final Path directory;

  UpdateOnlyTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Schema items(AbsentStrategy strategy) {
    return Schema.table("items")
        .columns("region", "id", "amount", "note")
        .conflictKey("region", "id")
        .onConflict(ConflictStrategy.UPDATE)
        .onAbsent(strategy)
        .build();
  }

  private static Row row(Schema schema, long id, Object amount) {
    return schema.row().set("region", "a").set("id", id).set("amount", amount);
  }

  private static void createItems(Backend backend) {
    backend.run(
        "CREATE TABLE items (region VARCHAR(9), id BIGINT, amount INTEGER, note VARCHAR(9),"
            + " must VARCHAR(9) NOT NULL, UNIQUE (region, id), CHECK (amount >= 0))");
    for (int id = 1; id <= 4; id++) {
      backend.run("INSERT INTO items VALUES ('a', " + id + ", 0, 'old', 'must')");
    }
  }

  /** A column that a row leaves out may be one that an insert would need. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRowWithoutAMatchIsRejectedAloneAndTheOthersUpdate(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      Schema schema = items(AbsentStrategy.REJECT);
      List<Row> rows =
          List.of(
              row(schema, 1, 0), // changes nothing, but is there
              row(schema, 9, 5),
              row(schema, 2, 5),
              row(schema, 9, 6), // merged with the other 9
              row(schema, 3, 7).set("note", null),
              row(schema, 4, -1),
              schema.row().set("region", "a").set("id", 8L));

      List<Outcome<Row>> outcomes = OneBatch.submit(backend, rows);

      assertThat(outcomes.stream().map(Outcome::status))
          .containsExactly(
              OutcomeStatus.WRITTEN,
              OutcomeStatus.REJECTED,
              OutcomeStatus.WRITTEN,
              OutcomeStatus.REJECTED,
              OutcomeStatus.WRITTEN,
              OutcomeStatus.REJECTED,
              OutcomeStatus.REJECTED);
      assertThat(outcomes.get(1).error())
          .isInstanceOf(RowAbsentException.class)
          .hasMessageContaining("'items'");
      assertThat(Objects.requireNonNull(outcomes.get(1).error()).row()).isSameAs(rows.get(1));
      assertThat(outcomes.get(5).error()).isNotInstanceOf(RowAbsentException.class);
      assertThat(backend.read("SELECT id, amount FROM items ORDER BY id"))
          .isEqualTo(List.of(List.of(1L, 0L), List.of(2L, 5L), List.of(3L, 7L), List.of(4L, 0L)));
      assertThat(backend.read("SELECT COUNT(note) FROM items")).isEqualTo(List.of(List.of(3L)));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRowWithoutAMatchIsIgnoredOnRequest(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      Schema schema = items(AbsentStrategy.IGNORE);
      List<Outcome<Row>> outcomes =
          OneBatch.submit(backend, true, List.of(row(schema, 1, 3), row(schema, 9, 5)));

      assertThat(outcomes.stream().map(Outcome::result).map(result -> result.verdict()))
          .containsExactly(RowVerdict.UPDATED, RowVerdict.ABSENT);
      assertThat(backend.read("SELECT COUNT(*), SUM(amount) FROM items").toString())
          .isEqualTo("[[4, 3]]");
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void manyRowsAreUpdatedWithFewStatements(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      Schema all =
          Schema.table("items")
              .columns("region", "id", "amount", "note", "must")
              .conflictKey("region", "id")
              .onConflict(ConflictStrategy.UPDATE)
              .build();
      List<Row> stored = new ArrayList<>();
      LongStream.range(10, 12_010).forEach(id -> stored.add(row(all, id, 0).set("must", "m")));
      OneBatch.submit(backend, stored);
      Schema schema = items(AbsentStrategy.REJECT);
      List<Row> rows = new ArrayList<>();
      LongStream.range(10, 12_020).forEach(id -> rows.add(row(schema, id, 1)));

      List<Outcome<Row>> outcomes = OneBatch.submit(backend, rows);

      assertThat(outcomes.stream().filter(Outcome::isWritten)).hasSize(12_000);
      assertThat(backend.read("SELECT COUNT(*) FROM items WHERE amount = 1"))
          .isEqualTo(List.of(List.of(12_000L)));
    }
  }

  /** A trigger before the insert has nothing to do with an update. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRowIsUpdatedWhereATriggerReplacesKeys(Backend.Kind kind) {
    if (kind.isSqlite()) {
      return; // its triggers cannot
    }
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE items (id INT PRIMARY KEY, v INT)", "INSERT INTO items VALUES (5, 1)");
      KeyTrigger.on("items", "id", kind).forEach(backend::run);
      Schema schema =
          Schema.table("items")
              .columns("id", "v")
              .conflictKey("id")
              .onConflict(ConflictStrategy.UPDATE)
              .onAbsent(AbsentStrategy.REJECT)
              .build();
      List<Row> rows =
          List.of(
              schema.row().set("id", 5).set("v", 2),
              schema.row().set("id", 0).set("v", 3),
              schema.row().set("id", 5).set("v", 4));
      assertThat(OneBatch.submit(backend, rows).stream().map(Outcome::isWritten))
          .containsExactly(true, false, true);
      assertThat(backend.read("SELECT id, v FROM items")).isEqualTo(List.of(List.of(5L, 4L)));
    }
  }

  /** Keys that only the database calls equal are updated one by one, in order. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void theLastRowWinsWhereOnlyTheDatabaseComparesKeys(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE texts (k "
              + (kind.isSqlite() ? "TEXT COLLATE NOCASE" : "CHAR(5)")
              + " PRIMARY KEY, v INTEGER)",
          "INSERT INTO texts VALUES ('a', 0)");
      Schema schema =
          Schema.table("texts")
              .columns("k", "v")
              .conflictKey("k")
              .onConflict(ConflictStrategy.UPDATE)
              .onAbsent(AbsentStrategy.REJECT)
              .build();
      String other = kind.isSqlite() ? "A" : "a  ";
      List<Row> rows =
          List.of(
              schema.row().set("k", "a").set("v", 1),
              schema.row().set("k", other).set("v", 2),
              schema.row().set("k", "b").set("v", 3),
              schema.row().set("k", "a").set("v", 4));
      assertThat(OneBatch.submit(backend, rows).stream().map(Outcome::isWritten))
          .containsExactly(true, true, false, true);
      assertThat(backend.read("SELECT v FROM texts")).isEqualTo(List.of(List.of(4L)));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aPreviewShowsTheUpdate(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      Schema schema = items(AbsentStrategy.REJECT);
      SqlPreview preview = backend.preview(List.of(row(schema, 1, 1), row(schema, 2, 2)));
      assertThat(preview.statements()).hasSize(1);
      assertThat(preview.toString()).contains("UPDATE").doesNotContain("INSERT");
    }
  }

  @ParameterizedTest
  @EnumSource(TransactionSite.Database.class)
  void anAbsentRowFailsTheBatchInATransactionOfTheCaller(TransactionSite.Database database)
      throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.run("INSERT INTO orders VALUES (1, 'old')");
      Schema schema =
          Schema.table("orders")
              .columns("id", "name")
              .conflictKey("id")
              .onConflict(ConflictStrategy.UPDATE)
              .onAbsent(AbsentStrategy.REJECT)
              .build();
      Row there = schema.row().set("id", 1).set("name", "new");
      Row absent = schema.row().set("id", 2).set("name", "none");

      BatchFlowException failure =
          site.failed(connection -> site.writer.write(connection, Flux.just(there, absent)));
      assertThat(failure).isInstanceOf(RowAbsentException.class);
      assertThat(failure.row()).isSameAs(absent);
      assertThat(site.read("SELECT name FROM orders")).containsExactly("old");

      assertThat(site.committed(connection -> site.writer.write(connection, Flux.just(there))))
          .allMatch(Outcome::isWritten);
      assertThat(site.read("SELECT name FROM orders")).containsExactly("new");
    }
  }
}
