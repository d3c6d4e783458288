package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table in docs/databases.md on arrays and collections. */
@Tag("server")
class ArrayValuesTest {

  private static final Schema HELD = Schema.table("held").columns("v").build();

  private final Path directory;

  ArrayValuesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static String bytesType(Backend.Kind kind) {
    if (kind.isPostgres()) {
      return "bytea";
    }
    return kind.isSqlite() ? "BLOB" : "VARBINARY(20)";
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void charactersAreATextAndBytesAreBytes(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE held (v VARCHAR(20))");
      backend.write(HELD.row().set("v", new char[] {'a', '"', '}'}));
      assertThat(backend.read("SELECT v FROM held")).containsExactly(List.of("a\"}"));
    }
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE held (v " + bytesType(kind) + ")");
      backend.write(HELD.row().set("v", new Byte[] {65, 66}));
      assertThat((byte[]) backend.read("SELECT v FROM held").get(0).get(0)).containsExactly(65, 66);
      assertThat(backend.kindOf(HELD.row().set("v", new Byte[] {65, null})))
          .isEqualTo(FailureKind.INVALID);
    }
  }

  static Stream<Arguments> rejections() {
    List<Object> values =
        List.of(
            new int[] {12345},
            new Integer[] {12345},
            new String[] {"secret"},
            new char[][] {{'a'}},
            new byte[][] {{1}},
            List.of("secret"),
            List.of((byte) 1),
            Set.of("secret"),
            Map.of("secret", 12345));
    return Backend.kinds()
        .flatMap(
            kind ->
                Stream.of("VARCHAR(20)", bytesType(kind), "INTEGER", json(kind))
                    .flatMap(
                        type -> values.stream().map(value -> Arguments.of(kind, type, value))));
  }

  private static String json(Backend.Kind kind) {
    return kind.isPostgres() ? "jsonb" : kind.isSqlite() ? "TEXT" : "JSON";
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void aColumnThatHoldsNoArraysRejectsThemByName(Backend.Kind kind, String type, Object value) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE held (v " + type + ")");
      Throwable failure = backend.failureOf(HELD.row().set("v", value));
      assertThat(backend.writer().failureClassifier().classify(failure))
          .isEqualTo(FailureKind.INVALID);
      assertThat(failure)
          .hasMessageContaining("'v'")
          .hasMessageContaining(value.getClass().getTypeName())
          .hasMessageNotContainingAny("secret", "12345");
      assertThat(backend.read("SELECT * FROM held")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"POSTGRES", "POSTGRES_JDBC", "H2_MEMORY", "H2_JDBC"})
  void aColumnOfArraysTakesArraysAndCollectionsAlone(Backend.Kind kind) {
    boolean isH2 = kind.isH2();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE held (v " + (isH2 ? "INTEGER ARRAY" : "integer[]") + ")");
      for (Object value :
          List.of(
              new int[] {1, 2},
              new Integer[] {1, 2},
              new short[] {1, 2},
              List.of(1, 2),
              new Byte[] {1, 2},
              new LinkedHashSet<>(List.of(1, 2)))) {
        backend.run("DELETE FROM held");
        backend.write(HELD.row().set("v", value));
        assertThat(backend.read("SELECT CAST(v AS VARCHAR(20)) FROM held"))
            .containsExactly(List.of(isH2 ? "[1, 2]" : "{1,2}"));
      }
      backend.run("DELETE FROM held");
      for (Object value : List.of(5, 5L, true, new byte[] {1}, Map.of(1, 2))) {
        Throwable failure = backend.failureOf(HELD.row().set("v", value));
        assertThat(failure)
            .isInstanceOf(SqlWriteException.class)
            .hasMessageContaining("'v'")
            .hasMessageContaining(value.getClass().getTypeName());
      }
      assertThat(backend.read("SELECT * FROM held")).isEmpty();
    }
  }
}
