package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
class IdentifierMatcherTest {

  private static final List<String> ODD_NAMES =
      List.of(
          "order",
          "two words",
          "a \"quoted\" one",
          "semi;colon",
          "semi;colon\\and \"all\" of; it",
          "back\\slash",
          "what? $1 :name",
          "größe_表_🦆",
          "dotted.name",
          "--comment /* too */");

  private final Path directory;

  IdentifierMatcherTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static Stream<Arguments> oddTables() {
    return Backend.kinds()
        .flatMap(
            kind ->
                ODD_NAMES.stream()
                    // Identifiers of MySQL have no characters beyond the Basic Multilingual Plane.
                    .map(name -> kind.isMySql() ? name.replace("🦆", "鴨") : name)
                    .flatMap(
                        name ->
                            Stream.of(ConflictStrategy.values())
                                .map(strategy -> Arguments.of(kind, name, strategy))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("oddTables")
  void anyNameStandsForItself(Backend.Kind kind, String name, ConflictStrategy strategy) {
    Schema.Builder builder =
        Schema.tablePath(name).columns(name, "value", "user", "select").onConflict(strategy);
    Schema schema = builder.conflictKey(name).build();
    try (Backend backend = kind.open(directory)) {
      String quoted = '"' + name.replace("\"", "\"\"") + '"';
      backend.run(
          "CREATE TABLE "
              + quoted
              + " ("
              + quoted
              + " INTEGER PRIMARY KEY, \"value\" INTEGER, \"user\" INTEGER, \"select\" INTEGER)");
      backend.write(
          schema.row().set(name, 1).set("value", 2).set("user", 3).set("select", 4),
          schema.row().set(name, 2).set("value", 3).set("user", 4).set("select", 5));
      assertThat(backend.read("SELECT * FROM " + quoted + " ORDER BY 1"))
          .containsExactly(List.of(1L, 2L, 3L, 4L), List.of(2L, 3L, 4L, 5L));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void namesOfATableMadeWithoutQuotesAreFoundWhateverTheirCase(Backend.Kind kind) {
    Schema schema =
        Schema.table("events")
            .columns("id", "DeviceId")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE Events (Id INTEGER PRIMARY KEY, deviceid INTEGER)");
      backend.write(schema.row().set("id", 1).set("DeviceId", 2));
      assertThat(backend.read("SELECT * FROM Events")).containsExactly(List.of(1L, 2L));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "H2_.*", mode = EnumSource.Mode.MATCH_ALL)
  void anExactNameGoesBeforeOneInAnotherCase(Backend.Kind kind) {
    Schema schema = Schema.table("events").columns("id").build();
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE events (id INTEGER)",
          "CREATE TABLE \"events\" (id INTEGER, \"id\" INTEGER)");
      backend.write(schema.row().set("id", 1));
      assertThat(backend.read("SELECT \"id\" FROM \"events\"")).containsExactly(List.of(1L));
      assertThat(backend.read("SELECT * FROM EVENTS")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "H2_.*", mode = EnumSource.Mode.MATCH_ALL)
  void aNameThatFitsSeveralTablesIsRejected(Backend.Kind kind) {
    Schema schema = Schema.table("events").columns("id").build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE EVENTS (id INTEGER)", "CREATE TABLE \"Events\" (id INTEGER)");
      Throwable failure = backend.failureOf(schema.row().set("id", 1));
      assertThat(failure).hasMessageContaining("several tables").hasMessageContaining("Events");
      assertThat(backend.writer().failureClassifier().classify(failure))
          .isEqualTo(FailureKind.UNUSABLE);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aQualifiedTableIsFoundInItsSchema(Backend.Kind kind) {
    String qualifier = kind.isSqlite() ? "main" : "Sales; " + UUID.randomUUID();
    Schema schema =
        Schema.tablePath(qualifier, "orders")
            .columns("id")
            .conflictKey("id")
            .onConflict(ConflictStrategy.REPLACE)
            .build();
    try (Backend backend = kind.open(directory)) {
      if (!kind.isSqlite()) {
        backend.run(
            "CREATE SCHEMA \"" + qualifier + "\"", "CREATE TABLE orders (id INTEGER PRIMARY KEY)");
      }
      backend.run("CREATE TABLE \"" + qualifier + "\".orders (id INTEGER PRIMARY KEY)");
      backend.write(schema.row().set("id", 1));
      assertThat(backend.read("SELECT * FROM \"" + qualifier + "\".orders"))
          .containsExactly(List.of(1L));
      if (!kind.isSqlite()) {
        backend.run("DROP SCHEMA \"" + qualifier + (kind.isMySql() ? "\"" : "\" CASCADE"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aMissingTableIsNamedAndFoundOnceItIsThere(Backend.Kind kind) {
    Schema schema = Schema.table("later").columns("id").build();
    try (Backend backend = kind.open(directory)) {
      Throwable failure = backend.failureOf(schema.row().set("id", 1));
      assertThat(failure)
          .isInstanceOf(SqlWriteException.class)
          .hasMessageContaining("Table 'later': there is no such table");
      assertThat(backend.writer().failureClassifier().classify(failure))
          .isEqualTo(FailureKind.UNUSABLE);

      backend.run("CREATE TABLE later (id INTEGER)");

      backend.write(schema.row().set("id", 1));
      assertThat(backend.read("SELECT * FROM later")).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aMissingColumnIsNamedAndFoundOnceItIsThere(Backend.Kind kind) {
    Schema schema = Schema.table("events").columns("id", "colour").build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id INTEGER)");
      Throwable failure = backend.failureOf(schema.row().set("id", 1));
      assertThat(failure).hasMessageContaining("Table 'events': there is no column 'colour'");
      assertThat(backend.writer().failureClassifier().classify(failure))
          .isEqualTo(FailureKind.UNUSABLE);

      backend.run("ALTER TABLE events ADD COLUMN colour VARCHAR(10)");

      backend.write(schema.row().set("id", 1).set("colour", "red"));
      assertThat(backend.read("SELECT colour FROM events")).containsExactly(List.of("red"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTableThatIsDroppedAndMadeAnewUnderAnotherCaseIsFoundAgain(Backend.Kind kind) {
    Schema schema = Schema.table("events").columns("id").build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE EVENTS (id INTEGER)");
      backend.write(schema.row().set("id", 1));
      backend.run("DROP TABLE EVENTS");
      assertThat(backend.kindOf(schema.row().set("id", 2))).isEqualTo(FailureKind.UNUSABLE);

      backend.run("CREATE TABLE \"Events\" (id INTEGER)");

      backend.write(schema.row().set("id", 3));
      assertThat(backend.read("SELECT * FROM \"Events\"")).containsExactly(List.of(3L));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "H2_.*", mode = EnumSource.Mode.MATCH_ALL)
  void aColumnWhoseTypeChangedRejectsNoRow(Backend.Kind kind) {
    Schema schema =
        Schema.table("events")
            .columns("id", "code")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id INTEGER PRIMARY KEY, code INTEGER)");
      backend.write(schema.row().set("id", 1).set("code", 1));
      backend.run("ALTER TABLE events ALTER COLUMN code VARCHAR(10)");

      backend.write(schema.row().set("id", 2).set("code", "two"));
      assertThat(backend.read("SELECT code FROM events ORDER BY id"))
          .containsExactly(List.of("1"), List.of("two"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aConflictKeyThatIsNotUniqueIsRejected(Backend.Kind kind) {
    Schema schema =
        Schema.table("events")
            .columns("id", "code")
            .conflictKey("code")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id INTEGER PRIMARY KEY, code INTEGER)");
      assertThat(backend.kindOf(schema.row().set("id", 2).set("code", 2)))
          .isEqualTo(FailureKind.UNUSABLE);
    }
  }
}
