package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.KeyEquality;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows that delete their keys, on every database. */
@Tag("server")
class DeleteTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path directory;

  DeleteTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static Schema items(ConflictStrategy strategy) {
    return Schema.table("items")
        .columns("region", "id", "amount")
        .conflictKey("region", "id")
        .onConflict(strategy)
        .build();
  }

  static void createItems(Backend backend) {
    backend.run(
        "CREATE TABLE items (region VARCHAR(9), id BIGINT, amount INTEGER NOT NULL,"
            + " extra VARCHAR(9) DEFAULT 'fresh', UNIQUE (region, id))",
        "INSERT INTO items VALUES ('a', 1, 1, 'old'), ('a', 2, 2, 'old'), ('b', 1, 3, 'old')");
  }

  static Row store(Schema schema, String region, long id, Object amount) {
    return schema.row().set("region", region).set("id", id).set("amount", amount);
  }

  static Row delete(Schema schema, String region, long id) {
    return schema.delete().set("region", region).set("id", id);
  }

  /** Returns the batch that a flow makes of rows. */
  static Batch merged(Backend backend, List<Row> rows) {
    Schema schema = rows.get(0).schema();
    backend.writer().lookUp(schema).block(PATIENCE);
    KeyEquality rule = Objects.requireNonNull(backend.writer().keyEquality(schema));
    return Batch.of(rows, rule);
  }

  private static List<OutcomeStatus> statuses(Backend backend, List<Row> rows) {
    return OneBatch.submit(backend, rows).stream().map(Outcome::status).toList();
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRowStoredAfterADeleteHasNothingOfTheOldRow(Backend.Kind kind) {
    for (ConflictStrategy strategy : List.of(ConflictStrategy.UPDATE, ConflictStrategy.REPLACE)) {
      try (Backend backend = kind.open(directory)) {
        createItems(backend);
        Schema schema = items(strategy);
        OneBatch.submit(
            backend,
            List.of(delete(schema, "a", 1), store(schema, "a", 1, 9), delete(schema, "b", 1)));

        assertThat(backend.read("SELECT * FROM items ORDER BY amount"))
            .isEqualTo(List.of(List.of("a", 2L, 2L, "old"), List.of("a", 1L, 9L, "fresh")));
      }
    }
  }

  /** The whole batch is one transaction, so that a bad row undoes the deletes before it. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aBatchThatFailsDeletesNothing(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      Schema schema = items(ConflictStrategy.UPDATE);
      backend.failureOf(
          delete(schema, "a", 1), store(schema, "c", 1, 4), store(schema, "c", 2, null));
      assertThat(backend.read("SELECT amount FROM items ORDER BY amount"))
          .isEqualTo(List.of(List.of(1L), List.of(2L), List.of(3L)));

      List<Row> rows =
          List.of(
              delete(schema, "a", 1),
              store(schema, "c", 2, null),
              store(schema, "c", 1, 4),
              delete(schema, "b", 1));
      assertThat(statuses(backend, rows))
          .containsExactly(
              OutcomeStatus.WRITTEN,
              OutcomeStatus.REJECTED,
              OutcomeStatus.WRITTEN,
              OutcomeStatus.WRITTEN);
      assertThat(backend.read("SELECT amount FROM items ORDER BY amount"))
          .isEqualTo(List.of(List.of(2L), List.of(4L)));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aDeleteThatAForeignKeyForbidsIsRejectedAlone(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE parents (id BIGINT PRIMARY KEY, v INTEGER)",
          "CREATE TABLE children (id BIGINT PRIMARY KEY, parent BIGINT,"
              + " FOREIGN KEY (parent) REFERENCES parents (id))");
      LongStream.rangeClosed(1, 9)
          .forEach(id -> backend.run("INSERT INTO parents VALUES (" + id + ", 1)"));
      backend.run("INSERT INTO children VALUES (1, 4), (2, 7)");
      Schema schema =
          Schema.table("parents")
              .columns("id", "v")
              .conflictKey("id")
              .onConflict(ConflictStrategy.UPDATE)
              .build();
      List<Row> rows = new ArrayList<>();
      LongStream.rangeClosed(1, 9).forEach(id -> rows.add(schema.delete().set("id", id)));
      rows.add(schema.row().set("id", 10L).set("v", 2));

      List<OutcomeStatus> statuses = statuses(backend, rows);

      assertThat(statuses.stream().filter(OutcomeStatus.REJECTED::equals)).hasSize(2);
      assertThat(statuses.get(3)).isEqualTo(OutcomeStatus.REJECTED);
      assertThat(statuses.get(6)).isEqualTo(OutcomeStatus.REJECTED);
      assertThat(backend.read("SELECT id FROM parents ORDER BY id"))
          .isEqualTo(List.of(List.of(4L), List.of(7L), List.of(10L)));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void moreKeysThanAStatementTakesAreDeleted(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE items (region VARCHAR(9) NOT NULL, id BIGINT NOT NULL, amount INTEGER,"
              + " PRIMARY KEY (region, id))",
          "CREATE TABLE singles (id BIGINT PRIMARY KEY, v INTEGER)");
      Schema pairs = items(ConflictStrategy.REPLACE);
      Schema singles =
          Schema.table("singles")
              .columns("id", "v")
              .conflictKey("id")
              .onConflict(ConflictStrategy.REPLACE)
              .build();
      List<Row> rows = new ArrayList<>();
      List<Row> more = new ArrayList<>();
      LongStream.range(0, 40_000).forEach(id -> rows.add(store(pairs, "r" + id % 3, id, 1)));
      LongStream.range(0, 40_000).forEach(id -> more.add(singles.row().set("id", id).set("v", 1)));
      backend.write(merged(backend, rows));
      backend.write(merged(backend, more));

      List<Row> deletes = new ArrayList<>();
      List<Row> moreDeletes = new ArrayList<>();
      LongStream.range(0, 39_990).forEach(id -> deletes.add(delete(pairs, "r" + id % 3, id)));
      LongStream.range(0, 39_990).forEach(id -> moreDeletes.add(singles.delete().set("id", id)));
      backend.write(merged(backend, deletes));
      backend.write(merged(backend, moreDeletes));

      assertThat(backend.read("SELECT COUNT(*), MIN(id) FROM items"))
          .isEqualTo(List.of(List.of(10L, 39_990L)));
      assertThat(backend.read("SELECT COUNT(*), MIN(id) FROM singles"))
          .isEqualTo(List.of(List.of(10L, 39_990L)));
    }
  }

  static Stream<Backend.Kind> kindsWithTriggers() {
    return Backend.kinds().filter(kind -> !kind.isSqlite());
  }

  /** No rows are merged then, and each keeps its place. */
  @ParameterizedTest
  @MethodSource("kindsWithTriggers")
  void rowsKeepTheirOrderWhereATriggerReplacesKeys(Backend.Kind kind) {
    for (ConflictStrategy strategy : List.of(ConflictStrategy.UPDATE, ConflictStrategy.REPLACE)) {
      try (Backend backend = kind.open(directory)) {
        backend.run("CREATE TABLE items (id INT PRIMARY KEY, v INT)");
        KeyTrigger.on("items", "id", kind).forEach(backend::run);
        Schema schema =
            Schema.table("items").columns("id", "v").conflictKey("id").onConflict(strategy).build();
        List<Row> rows =
            List.of(
                schema.row().set("id", 5).set("v", 1),
                schema.row().set("id", 0).set("v", 2), // the trigger stores 1002
                schema.delete().set("id", 5),
                schema.row().set("id", 5).set("v", 3),
                schema.delete().set("id", 1002),
                schema.delete().set("id", 7),
                schema.row().set("id", 0).set("v", 9),
                schema.row().set("id", 6).set("v", 6),
                schema.delete().set("id", 5));

        assertThat(OneBatch.submit(backend, rows)).allMatch(Outcome::isWritten);
        assertThat(backend.read("SELECT id, v FROM items ORDER BY id"))
            .isEqualTo(List.of(List.of(6L, 6L), List.of(1009L, 9L)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aPreviewShowsTheDeletesBeforeTheRowsThatAreStored(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      Schema schema = items(ConflictStrategy.UPDATE);
      SqlPreview preview =
          backend.preview(
              List.of(store(schema, "x", 1, 1), delete(schema, "a", 1), delete(schema, "a", 2)));
      assertThat(preview.rows()).isEqualTo(3);
      assertThat(preview.toString()).contains("DELETE").doesNotContain("'a'");
      SqlPreview.Statement first = preview.statements().get(0);
      // Where only the database compares keys, the order is kept.
      if (first.sql().contains("DELETE") && !kind.isH2()) {
        assertThat(first.rows()).isEqualTo(2);
      }
      assertThat(preview.statements().stream().map(SqlPreview.Statement::fingerprint).distinct())
          .hasSize(2);
    }
  }

  /** The rows of a transaction are not merged, so their order must be kept. */
  @Test
  void deletesKeepTheirPlaceInATransactionOfTheCaller() {
    ConnectionFactory factory =
        ConnectionFactories.get(
            "r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1");
    R2dbcBatchWriter writer = R2dbcBatchWriter.create(factory);
    Schema schema =
        Schema.table("items")
            .columns("id", "v")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    List<Row> rows =
        List.of(
            schema.row().set("id", 1L).set("v", 1),
            schema.delete().set("id", 1L),
            schema.row().set("id", 2L).set("v", 2),
            schema.delete().set("id", 2L),
            schema.row().set("id", 2L).set("v", 3));
    List<String> left =
        Mono.usingWhen(
                factory.create(),
                (Connection connection) ->
                    Flux.from(
                            connection
                                .createStatement(
                                    "CREATE TABLE \"items\" (\"id\" BIGINT PRIMARY KEY, \"v\" INT)")
                                .execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .then(Mono.from(connection.beginTransaction()))
                        .thenMany(writer.write(connection, Flux.fromIterable(rows)))
                        .then(Mono.from(connection.commitTransaction()))
                        .thenMany(
                            Flux.from(
                                    connection
                                        .createStatement(
                                            "SELECT \"id\" || ' ' || \"v\" FROM \"items\"")
                                        .execute())
                                .concatMap(result -> result.map(row -> row.get(0, String.class))))
                        .collectList(),
                Connection::close)
            .block(PATIENCE);
    writer.close().block(PATIENCE);

    assertThat(left).containsExactly("2 3");
  }
}
