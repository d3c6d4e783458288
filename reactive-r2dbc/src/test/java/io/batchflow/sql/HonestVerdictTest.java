package io.batchflow.sql;

import static io.batchflow.RowVerdict.INSERTED;
import static io.batchflow.RowVerdict.UPDATED;
import static io.batchflow.RowVerdict.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A verdict reports only what is certain. */
@Tag("server")
class HonestVerdictTest {

  private static final String POSTGRES_FUNCTION =
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ";

  private final Path directory;

  HonestVerdictTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Schema items(ConflictStrategy how) {
    return Schema.table("items").columns("id", "v").conflictKey("id").onConflict(how).build();
  }

  private static List<Row> rows(Schema schema, int count) {
    List<Row> rows = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      rows.add(schema.row().set("id", id).set("v", "v" + id));
    }
    return rows;
  }

  private static List<RowVerdict> verdicts(Backend backend, Schema schema, List<Row> rows) {
    return backend.write(new Batch(schema, rows, true)).verdicts();
  }

  private static List<String> trigger(String when, String body) {
    return List.of(
        POSTGRES_FUNCTION + body + " END $$",
        "CREATE TRIGGER t " + when + " ON items FOR EACH ROW EXECUTE FUNCTION f()");
  }

  /** Reasons why a row is not in the table as it was submitted. */
  static Stream<Arguments> meddlers() {
    String sqlite = "CREATE TRIGGER t %s INSERT ON items BEGIN %s; END";
    List<List<String>> postgres =
        List.of(
            trigger("BEFORE INSERT", "IF NEW.id = 2 THEN RETURN NULL; END IF; RETURN NEW;"),
            trigger("BEFORE INSERT", "NEW.id := NEW.id + 100; RETURN NEW;"),
            trigger("AFTER INSERT", "DELETE FROM items WHERE id = NEW.id; RETURN NULL;"));
    List<List<String>> sqlites =
        List.of(
            List.of(String.format(sqlite, "BEFORE", "SELECT RAISE(IGNORE) WHERE NEW.id = 2")),
            List.of(String.format(sqlite, "AFTER", "DELETE FROM items WHERE id = NEW.id")),
            List.of(
                String.format(
                    sqlite, "AFTER", "UPDATE items SET id = id + 100 WHERE id = NEW.id")));
    List<List<String>> mySqls =
        List.of(
            List.of(
                "CREATE TRIGGER t BEFORE INSERT ON items FOR EACH ROW SET NEW.id = NEW.id + 100"));
    List<List<String>> h2s =
        List.of(
            List.of(
                "CREATE TRIGGER t BEFORE INSERT ON items FOR EACH ROW CALL '"
                    + RaisingTrigger.class.getName()
                    + "'"));
    return Backend.kinds()
        .flatMap(
            kind -> {
              List<List<String>> those =
                  kind.isSqlite()
                      ? sqlites
                      : kind.isMySql() ? mySqls : kind.isH2() ? h2s : postgres;
              return those.stream()
                  .flatMap(
                      meddler ->
                          Stream.of(ConflictStrategy.values())
                              .map(how -> Arguments.of(kind, meddler, how)));
            });
  }

  @ParameterizedTest
  @MethodSource("meddlers")
  void ofATableWithTriggersNothingIsTold(
      Backend.Kind kind, List<String> meddler, ConflictStrategy how) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE items (id INTEGER PRIMARY KEY, v VARCHAR(9))");
      backend.run(meddler.toArray(new String[0]));
      for (int count : List.of(3, 40)) {
        backend.run("DELETE FROM items");
        Schema schema = items(how);
        assertThat(verdicts(backend, schema, rows(schema, count)))
            .containsExactlyElementsOf(Collections.nCopies(count, WRITTEN));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "POSTGRES.*", mode = EnumSource.Mode.MATCH_ALL)
  void aTriggerThatCameLaterIsNoticed(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE items (id INTEGER PRIMARY KEY, v VARCHAR(9))");
      Schema schema = items(ConflictStrategy.IGNORE);
      assertThat(verdicts(backend, schema, rows(schema, 2))).containsOnly(INSERTED);
      backend.run(trigger("BEFORE INSERT", "RETURN NULL;").toArray(new String[0]));
      backend.run("DELETE FROM items");
      assertThat(verdicts(backend, schema, rows(schema, 2))).containsOnly(WRITTEN);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "POSTGRES.*", mode = EnumSource.Mode.MATCH_ALL)
  void ofAViewAndOfATableWithRulesNothingIsTold(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      Schema view = Schema.table("shown").columns("id", "v").build();
      backend.run(
          "CREATE TABLE items (id INTEGER, v VARCHAR(9))",
          "CREATE VIEW shown AS SELECT * FROM items",
          "CREATE TABLE ruled (id INTEGER, v VARCHAR(9))",
          "CREATE RULE elsewhere AS ON INSERT TO ruled DO INSTEAD INSERT INTO items VALUES (NEW.*)");
      assertThat(verdicts(backend, view, rows(view, 3))).containsOnly(WRITTEN);
      Schema ruled = Schema.table("ruled").columns("id", "v").build();
      assertThat(verdicts(backend, ruled, rows(ruled, 3))).containsOnly(WRITTEN);
    }
  }

  /** 'a' and 'A' are the same row, which one of the two has inserted. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void ofTwoRowsThatOnlyTheDatabaseCallsEqualOneWasInsertedAtMost(Backend.Kind kind) {
    String type =
        kind.isSqlite()
            ? "TEXT COLLATE NOCASE"
            : kind.isMySql()
                ? "VARCHAR(9)"
                : kind.isH2() ? "VARCHAR_IGNORECASE(9)" : "NUMERIC(4, 1)";
    boolean number = type.startsWith("NUMERIC");
    for (ConflictStrategy how : List.of(ConflictStrategy.IGNORE, ConflictStrategy.UPDATE)) {
      try (Backend backend = kind.open(directory)) {
        backend.run("CREATE TABLE items (id " + type + " PRIMARY KEY, v VARCHAR(9))");
        Schema schema = items(how);
        List<Row> rows =
            Stream.of(number ? "1.01" : "a", number ? "1.02" : "A", number ? "2" : "b")
                .map(key -> schema.row().set("id", key).set("v", "v"))
                .toList();
        List<RowVerdict> verdicts;
        try {
          verdicts = verdicts(backend, schema, rows);
        } catch (RuntimeException rejected) {
          continue; // A flow would write its rows separately.
        }
        assertThat(verdicts.subList(0, 2)).isNotEqualTo(List.of(INSERTED, INSERTED));
        assertThat(verdicts.get(2)).isIn(INSERTED, WRITTEN);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "POSTGRES.*", mode = EnumSource.Mode.MATCH_ALL)
  void nullsThatAConstraintCallsEqualAreNotInsertedTwice(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE items (id INTEGER, v VARCHAR(9), UNIQUE NULLS NOT DISTINCT (id))");
      Schema schema = items(ConflictStrategy.UPDATE);
      List<Row> row = List.of(schema.row().set("id", null).set("v", "a"));
      assertThat(verdicts(backend, schema, row)).containsExactly(INSERTED);
      assertThat(verdicts(backend, schema, row)).doesNotContain(INSERTED);
      backend.run("DELETE FROM items", "INSERT INTO items VALUES (1, 'x')");
      assertThat(verdicts(backend, schema, rows(schema, 2))).containsExactly(UPDATED, INSERTED);
    }
  }

  /** The index does not contain the existing row, so there is no conflict. */
  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = "(POSTGRES|SQLITE).*",
      mode = EnumSource.Mode.MATCH_ALL)
  void aPartialIndexMakesNoRowUpdatedThatWasInserted(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE items (id INTEGER, v VARCHAR(9))",
          "CREATE UNIQUE INDEX one ON items (id) WHERE v = 'in'",
          "INSERT INTO items VALUES (1, 'in')");
      Schema schema =
          Schema.table("items")
              .columns("id", "v")
              .conflictKey("id")
              .conflictWhere("v = 'in'")
              .onConflict(ConflictStrategy.UPDATE)
              .build();
      assertThat(verdicts(backend, schema, List.of(schema.row().set("id", 1).set("v", "out"))))
          .doesNotContain(UPDATED);
      assertThat(backend.read("SELECT count(*) FROM items")).containsExactly(List.of(2L));
    }
  }
}
