package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A writer reads the schema of a table from the database, and rows of it can be written. */
@Tag("server")
class ReadSchemaTest {

  @TempDir private Path directory;

  private static Schema read(
      Backend backend, String table, ConflictStrategy onConflict, String... key) {
    return Objects.requireNonNull(
        (backend.writer() instanceof R2dbcBatchWriter r2dbc
                ? r2dbc.readSchema(table, onConflict, key)
                : ((JdbcBatchWriter) backend.writer()).readSchema(table, onConflict, key))
            .block(Duration.ofMinutes(1)));
  }

  private static SqlWriteException failure(
      Backend backend, String table, ConflictStrategy onConflict, String... key) {
    SqlWriteException failure =
        catchThrowableOfType(SqlWriteException.class, () -> read(backend, table, onConflict, key));
    assertThat(failure).as("a failure").isNotNull();
    assertThat(failure.kind()).isEqualTo(FailureKind.UNUSABLE);
    return failure;
  }

  /** H2 spells names without quotes in upper case. */
  private static List<String> lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  private static void assertSchema(
      Schema schema, List<String> columns, List<String> key, List<String> required) {
    assertThat(lower(schema.columns())).isEqualTo(columns);
    assertThat(lower(schema.conflictKey())).isEqualTo(key);
    assertThat(lower(schema.requiredColumns())).containsExactlyInAnyOrderElementsOf(required);
  }

  private static String name(Schema schema, String column) {
    return schema.columns().stream().filter(column::equalsIgnoreCase).findFirst().orElseThrow();
  }

  private static Row row(Schema schema, Object... columnsAndValues) {
    Row row = schema.row();
    for (int i = 0; i < columnsAndValues.length; i += 2) {
      row.set(name(schema, (String) columnsAndValues[i]), columnsAndValues[i + 1]);
    }
    return row.freeze();
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void columnsKeyAndDefaultsAreThoseOfTheTable(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE orders (shop INTEGER NOT NULL, item VARCHAR(20), number INTEGER NOT NULL,"
              + " state VARCHAR(9) DEFAULT 'new' NOT NULL, note VARCHAR(20),"
              + " twice INTEGER GENERATED ALWAYS AS (number * 2)"
              + (kind.isH2() ? "," : " STORED,")
              + " PRIMARY KEY (number, shop), UNIQUE (item))");
      List<String> columns = List.of("shop", "item", "number", "state", "note");

      for (ConflictStrategy strategy : ConflictStrategy.values()) {
        Schema schema = read(backend, "orders", strategy);

        assertThat(schema.table()).isEqualTo("orders");
        assertThat(schema.onConflict()).isEqualTo(strategy);
        assertSchema(schema, columns, List.of("shop", "number"), List.of("shop", "number"));
      }
      Schema byItem = read(backend, "orders", ConflictStrategy.IGNORE, "ITEM");
      assertSchema(byItem, columns, List.of("item"), List.of("shop", "item", "number"));

      Schema upsert = read(backend, "orders", ConflictStrategy.UPDATE);
      backend.write(row(upsert, "shop", 1, "number", 2, "note", "a"));
      backend.write(row(upsert, "shop", 1, "number", 2, "note", "b"));
      assertThat(backend.read("SELECT shop, number, state, note, twice FROM orders"))
          .isEqualTo(List.of(List.of(1L, 2L, "new", "b", 4L)));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aKeyThatTheDatabaseMakesIsLeftToItUnlessTheStrategyNeedsIt(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE things (id "
              + kind.rowId()
              + " PRIMARY KEY, code VARCHAR(20) NOT NULL UNIQUE, word VARCHAR(20))");

      Schema insert = read(backend, "things", ConflictStrategy.FAIL);
      assertSchema(insert, List.of("code", "word"), List.of(), List.of("code"));
      Schema ignore = read(backend, "things", ConflictStrategy.IGNORE);
      assertSchema(ignore, List.of("code", "word"), List.of(), List.of("code"));
      Schema byId = read(backend, "things", ConflictStrategy.UPDATE);
      assertSchema(byId, List.of("id", "code", "word"), List.of("id"), List.of("id", "code"));
      Schema byCode = read(backend, "things", ConflictStrategy.UPDATE, "code");
      assertSchema(byCode, List.of("code", "word"), List.of("code"), List.of("code"));

      backend.write(row(insert, "code", "x", "word", "a"));
      backend.write(row(ignore, "code", "x", "word", "b"));
      backend.write(row(byId, "id", 1, "code", "x", "word", "c"));
      backend.write(row(byCode, "code", "y", "word", "d"));
      assertThat(backend.read("SELECT code, word FROM things ORDER BY code"))
          .isEqualTo(List.of(List.of("x", "c"), List.of("y", "d")));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTableWithoutAPrimaryKeyNeedsOneOnlyToOverwrite(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE readings (device INTEGER NOT NULL, level INTEGER)");

      Schema append = read(backend, "readings", ConflictStrategy.FAIL);
      assertSchema(append, List.of("device", "level"), List.of(), List.of("device"));
      backend.write(row(append, "device", 1, "level", 2));
      assertThat(failure(backend, "readings", ConflictStrategy.UPDATE).getMessage())
          .isEqualTo(
              "Table 'readings': it has no primary key, and no unique keys, but UPDATE needs a key."
                  + " Add a unique constraint, or use another strategy.");
      assertThat(failure(backend, "readings", ConflictStrategy.UPDATE, "device").mismatches())
          .singleElement()
          .asString()
          .endsWith("is not a unique key");

      backend.run("CREATE UNIQUE INDEX of_device ON readings (device)");
      Schema only = read(backend, "readings", ConflictStrategy.UPDATE);
      assertSchema(only, List.of("device", "level"), List.of("device"), List.of("device"));
      backend.write(row(only, "device", 1, "level", 3));
      assertThat(backend.read("SELECT device, level FROM readings"))
          .isEqualTo(List.of(List.of(1L, 3L)));

      backend.run("CREATE UNIQUE INDEX of_level ON readings (level)");
      assertThat(failure(backend, "readings", ConflictStrategy.REPLACE).getMessage())
          .contains("several unique keys")
          .containsIgnoringCase("[device]")
          .containsIgnoringCase("[level]");
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void whatIsNotThereIsNamed(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE orders (id INTEGER PRIMARY KEY, note VARCHAR(9))");

      assertThat(failure(backend, "order", ConflictStrategy.FAIL).getMessage())
          .isEqualTo(
              "Table 'order': there is no such table. Create it, or name its schema too, as in"
                  + " \"sales.orders\".");
      assertThat(failure(backend, "elsewhere.orders", ConflictStrategy.FAIL).mismatches())
          .containsExactly("there is no such table");
      assertThat(failure(backend, "orders", ConflictStrategy.UPDATE, "uuid").getMessage())
          .startsWith("Table 'orders': there is no column 'uuid'. Its columns are ")
          .containsIgnoringCase("id, note");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"H2_MEMORY", "H2_JDBC", "POSTGRES", "POSTGRES_JDBC"})
  void aNameMayHaveASchema(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      String other = "other_" + Long.toHexString(System.nanoTime());
      backend.run(
          "CREATE SCHEMA " + other,
          "CREATE TABLE orders (id INTEGER PRIMARY KEY, here INTEGER)",
          "CREATE TABLE " + other + ".orders (id INTEGER PRIMARY KEY, there INTEGER)");

      Schema here = read(backend, "orders", ConflictStrategy.UPDATE);
      Schema there = read(backend, other + ".orders", ConflictStrategy.UPDATE);

      assertThat(lower(here.columns())).containsExactly("id", "here");
      assertThat(lower(there.columns())).containsExactly("id", "there");
      assertThat(there.table()).isEqualTo(other + ".orders");
      backend.write(row(there, "id", 1, "there", 2));
      assertThat(backend.read("SELECT there FROM " + other + ".orders"))
          .isEqualTo(List.of(List.of(2L)));
      backend.run("DROP SCHEMA " + other + " CASCADE");
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void namesAreSpelledAsTheDatabaseSpellsThem(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      String quote = kind.isMySql() ? "`" : "\"";
      backend.run(
          "CREATE TABLE "
              + quote
              + "Odd Table"
              + quote
              + " ("
              + quote
              + "Order"
              + quote
              + " INTEGER PRIMARY KEY, "
              + quote
              + "a b"
              + quote
              + " INTEGER)");

      Schema schema = read(backend, "Odd Table", ConflictStrategy.UPDATE);

      assertThat(schema.columns()).containsExactly("Order", "a b");
      assertThat(schema.conflictKey()).containsExactly("Order");
      backend.write(schema.row().set("Order", 1).set("a b", 2));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTableIsReadAnewByEachSubscriber(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
      assertThat(read(backend, "orders", ConflictStrategy.IGNORE, "id").columns()).hasSize(1);
      backend.run("ALTER TABLE orders ADD COLUMN note VARCHAR(9)");
      assertThat(lower(read(backend, "orders", ConflictStrategy.UPDATE).columns()))
          .containsExactly("id", "note");
    }
  }
}
