package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A row changes the row with its own conflict key, or none. */
@Tag("server")
class OtherRowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path directory;

  OtherRowTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Schema guarded(ConflictStrategy how) {
    return Schema.table("guarded")
        .columns("id", "v", "n")
        .conflictKey("id")
        .onConflict(how)
        .build();
  }

  private static Row row(Schema schema, int id, Object v, Object n) {
    return schema.row().set("id", id).set("v", v).set("n", n);
  }

  static Stream<Arguments> upserts() {
    return Backend.mySqlKinds()
        .flatMap(
            kind ->
                Stream.of(
                        ConflictStrategy.UPDATE, ConflictStrategy.IGNORE, ConflictStrategy.REPLACE)
                    .map(how -> Arguments.of(kind, how)));
  }

  @ParameterizedTest
  @MethodSource("upserts")
  void aConflictByAnotherKeyNamesThatKey(Backend.Kind kind, ConflictStrategy how) {
    Schema schema = guarded(how);
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE guarded (id INT PRIMARY KEY, v VARCHAR(9), n INT,"
              + " UNIQUE KEY by_v (v(3)), UNIQUE KEY by_n (n))",
          "INSERT INTO guarded VALUES (1, 'alpha', 1), (2, 'beta', 2)");

      assertThat(backend.kindOf(row(schema, 3, "alps", 3))).isEqualTo(FailureKind.DATA);
      assertThat(backend.failureOf(row(schema, 3, "alps", 3))).hasMessageContaining("by_v");
      assertThat(backend.failureOf(row(schema, 3, "c", 2))).hasMessageContaining("by_n");
      backend.write(row(schema, 3, "c", 3));
      assertThat(backend.read("SELECT * FROM guarded ORDER BY id"))
          .containsExactly(List.of(1L, "alpha", 1L), List.of(2L, "beta", 2L), List.of(3L, "c", 3L));
    }
  }

  /** The collation decides: 'A' is the same key as 'a', except as bytes. */
  @ParameterizedTest
  @MethodSource("upserts")
  void theConflictKeysOwnRowIsFoundByKeysOfAnyKind(Backend.Kind kind, ConflictStrategy how) {
    try (Backend backend = kind.open(directory)) {
      for (String key : List.of("VARCHAR(9)", "CHAR(9)", "VARBINARY(9)", "ENUM('a', 'b')")) {
        backend.run(
            "DROP TABLE IF EXISTS guarded",
            "CREATE TABLE guarded (id INT AUTO_INCREMENT PRIMARY KEY, v "
                + key
                + ", n INT, m INT UNIQUE, UNIQUE (v, n))",
            "INSERT INTO guarded VALUES (1, 'a', 1, 1), (2, 'b', 1, 2)");
        Schema schema =
            Schema.table("guarded")
                .columns("v", "n", "m")
                .conflictKey("v", "n")
                .onConflict(how)
                .build();
        String same = key.contains("BINARY") ? "a" : "A";
        backend.write(schema.row().set("v", same).set("n", 1).set("m", 3));
        assertThat(backend.kindOf(schema.row().set("v", "a").set("n", 2).set("m", 2)))
            .isEqualTo(FailureKind.DATA);
        assertThat(backend.kindOf(schema.row().set("v", null).set("n", 2).set("m", 2)))
            .isEqualTo(FailureKind.DATA);
        long expected = how == ConflictStrategy.IGNORE ? 1 : 3;
        assertThat(backend.read("SELECT id, n, m FROM guarded ORDER BY id"))
            .containsExactly(List.of(1L, 1L, expected), List.of(2L, 1L, 2L));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void rowsThatAnEngineWithoutTransactionsKeptAreNotToldRejected(Backend.Kind kind) {
    Schema schema = guarded(ConflictStrategy.UPDATE);
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE guarded (id INT PRIMARY KEY, v VARCHAR(9), n INT)");
      backend.write(row(schema, 1, "a", 1));
      backend.run("ALTER TABLE guarded ENGINE = MyISAM");

      Throwable failure = backend.failureOf(row(schema, 2, "b", 2), row(schema, 3, "c", "none"));
      assertThat(backend.writer().failureClassifier().classify(failure))
          .isEqualTo(FailureKind.UNKNOWN);
      assertThat(failure).hasMessageContaining("MyISAM");
      assertThat(backend.failureOf(row(schema, 4, "d", 4)))
          .isInstanceOf(SqlWriteException.class)
          .hasMessageContaining("MyISAM");
      backend.run("ALTER TABLE guarded ENGINE = InnoDB");
      backend.write(row(schema, 4, "d", 4));
    }
  }

  /** The caller's pool. Its only connection was strict when the table was looked up. */
  @ParameterizedTest
  @ValueSource(strings = {"mariadb", "mysql"})
  void aBadValueIsRejectedWhateverTheModeOfTheSessionIs(String driver) throws SQLException {
    try (TestDatabase database = TestDatabase.on(TestServers.mariaDb());
        java.sql.Connection beside = database.connect();
        Statement statement = beside.createStatement()) {
      statement.execute("CREATE TABLE guarded (id INT PRIMARY KEY, v VARCHAR(3), n TINYINT)");
      ConnectionPool pool =
          new ConnectionPool(
              ConnectionPoolConfiguration.builder(
                      ConnectionFactories.get(database.server().r2dbcUrl(driver, null)))
                  .initialSize(1)
                  .maxSize(1)
                  .build());
      BatchWriter writer = R2dbcBatchWriter.create(pool);
      int id = 0;
      for (ConflictStrategy how : ConflictStrategy.values()) {
        Schema schema = guarded(how);
        write(writer, row(schema, id++, "abc", 1)).block(PATIENCE);
        Flux.usingWhen(
                pool.create(),
                session -> session.createStatement("SET SESSION sql_mode = ''").execute(),
                Connection::close)
            .flatMap(result -> result.getRowsUpdated())
            .blockLast(PATIENCE);
        for (Row bad : List.of(row(schema, 9, "long", 1), row(schema, 9, "abc", 1_000))) {
          Throwable failure =
              write(writer, bad).then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block();
          assertThat(failure).as("the bad value's failure").isNotNull();
          assertThat(writer.failureClassifier().classify(failure)).isEqualTo(FailureKind.DATA);
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM guarded")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(ConflictStrategy.values().length);
      }
      writer.close().block(PATIENCE);
      pool.disposeLater().block(PATIENCE);
    }
  }

  private static Mono<?> write(BatchWriter writer, Row row) {
    return writer.write(new Batch(row.schema(), List.of(row)));
  }

  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "SQLITE.*", mode = EnumSource.Mode.MATCH_ALL)
  void aTablesOwnConflictClausesNeitherDeleteNorDropRows(Backend.Kind kind) {
    for (ConflictStrategy how : ConflictStrategy.values()) {
      for (String clause : List.of("REPLACE", "IGNORE", "FAIL", "ROLLBACK")) {
        Schema schema = guarded(how);
        try (Backend backend = kind.open(directory)) {
          backend.run(
              "CREATE TABLE guarded (id INTEGER PRIMARY KEY, v TEXT UNIQUE ON CONFLICT "
                  + clause
                  + ", n INT NOT NULL ON CONFLICT "
                  + clause
                  + " DEFAULT 7, CHECK (n < 9) ON CONFLICT "
                  + clause
                  + ")",
              "INSERT INTO guarded VALUES (1, 'a', 1)");
          for (Row bad :
              List.of(row(schema, 2, "a", 2), row(schema, 2, "b", null), row(schema, 2, "b", 9))) {
            assertThat(backend.kindOf(row(schema, 3, "c", 3), bad))
                .as("%s %s", how, clause)
                .isEqualTo(FailureKind.DATA);
          }
          assertThat(backend.read("SELECT * FROM guarded")).containsExactly(List.of(1L, "a", 1L));
        }
      }
    }
  }
}
