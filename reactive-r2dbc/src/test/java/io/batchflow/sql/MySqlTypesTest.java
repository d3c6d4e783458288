package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** With each driver, the stored value is the one that the server reads from the literal. */
@Tag("server")
class MySqlTypesTest {

  private final Path directory;

  MySqlTypesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Stream<Arguments> of(String type, Object value, String literal) {
    return Backend.mySqlKinds().map(kind -> Arguments.of(kind, type, value, literal));
  }

  static Stream<Arguments> values() {
    return Stream.of(
            of("tinyint", (byte) -128, "-128"),
            of("smallint", (short) -32_768, "-32768"),
            of("int", Integer.MIN_VALUE, "-2147483648"),
            of("bigint", Long.MIN_VALUE, "-9223372036854775808"),
            of("bigint unsigned", new BigInteger("18446744073709551615"), "18446744073709551615"),
            of(
                "decimal(65, 30)",
                new BigDecimal("-12345678901234567890.012345678901234567890123456789"),
                "-12345678901234567890.012345678901234567890123456789"),
            of("float", 0.5f, "0.5"),
            of("double", 1.7976931348623157e308, "1.7976931348623157e308"),
            of("double", Double.MIN_NORMAL, "2.2250738585072014e-308"),
            of("boolean", true, "1"),
            of("varchar(40)", "", "''"),
            of(
                "varchar(40)",
                "it's \\ \"q\" `b` %_ \u0000 e\u0301 \uD83D\uDE00",
                "0x69742773205C202271222060626020255F20002065CC8120F09F9880"),
            of("varchar(40)", 'c', "'c'"),
            of(
                "char(36)",
                UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
                "'00112233-4455-6677-8899-aabbccddeeff'"),
            of("varbinary(9)", new byte[] {0, -34, 39, 92, 65}, "0x00DE275C41"),
            of("blob", new byte[0], "''"),
            of("json", "{\"a\": [1, \"\\u00e9\"]}", "'{\"a\": [1, \"\\\\u00e9\"]}'"),
            of("enum('so so', 'happy')", Mood.happy, "'happy'"),
            of("date", LocalDate.of(2024, 2, 29), "'2024-02-29'"),
            of("date", LocalDate.of(9999, 12, 31), "'9999-12-31'"),
            of("time(6)", LocalTime.of(23, 59, 59, 999_999_000), "'23:59:59.999999'"),
            of("time(6)", Duration.ofHours(-30), "'-30:00:00'"),
            of("varchar(40)", Duration.ofHours(838), "'838:00:00'"),
            of("varchar(40)", Duration.ofHours(839), "'839:00:00'"),
            of("char(40)", Duration.parse("PT-960H-1M-2.5S"), "'-960:01:02.500000'"),
            of("text", Duration.ofSeconds(Long.MAX_VALUE, 1), "'2562047788015215:30:07.000000001'"),
            of("tinytext", Duration.ofSeconds(Long.MIN_VALUE), "'-2562047788015215:30:08'"),
            of(
                "datetime(6)",
                LocalDateTime.parse("2024-10-27T02:30:00.123456"),
                "'2024-10-27 02:30:00.123456'"),
            of("datetime(6)", Instant.parse("2024-07-01T00:00:00Z"), "'2024-07-01 00:00:00'"),
            of("timestamp(6)", Instant.parse("2024-03-31T01:30:00.5Z"), "'2024-03-31 01:30:00.5'"),
            of(
                "timestamp",
                OffsetDateTime.parse("2024-10-27T02:30:00+02:00"),
                "'2024-10-27 00:30:00'"))
        .flatMap(same -> same);
  }

  enum Mood {
    happy
  }

  @ParameterizedTest(name = "{0} {1}: {3}")
  @MethodSource("values")
  void aValueIsStoredAsTheServerReadsItsLiteral(
      Backend.Kind kind, String type, Object value, String literal) {
    Schema schema =
        Schema.table("t")
            .columns("id", "v")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "SET time_zone = '+00:00'",
          "CREATE TABLE t (id bigint PRIMARY KEY, v " + type + " NULL) CHARACTER SET utf8mb4",
          "INSERT INTO t VALUES (0, " + literal + ")");
      backend.write(
          schema.row().set("id", 1).set("v", value),
          schema.row().set("id", 2).set("v", null),
          schema.row().set("id", 3).set("v", value));
      assertThat(
              backend.read(
                  "SELECT a.id FROM t a JOIN t b ON b.id = 0 AND HEX(a.v) = HEX(b.v)"
                      + " AND CAST(a.v AS CHAR) = CAST(b.v AS CHAR) ORDER BY a.id"))
          .as("read as %s", backend.read("SELECT id, CAST(v AS CHAR), HEX(v) FROM t"))
          .containsExactly(List.of(0L), List.of(1L), List.of(3L));
      assertThat(backend.read("SELECT id FROM t WHERE v IS NULL")).containsExactly(List.of(2L));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aBadValueIsAnErrorOfItsRowUnderEveryStrategy(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE t (id bigint PRIMARY KEY, v varchar(3), n tinyint)");
      for (ConflictStrategy strategy : ConflictStrategy.values()) {
        Schema schema =
            Schema.table("t")
                .columns("id", "v", "n")
                .conflictKey("id")
                .onConflict(strategy)
                .build();
        for (Row bad :
            List.of(
                schema.row().set("id", 1).set("v", "long"),
                schema.row().set("id", 1).set("n", 1_000),
                schema.row().set("id", 1).set("n", "abc"),
                schema.row().set("id", null).set("n", 1),
                schema.row().set("id", 1).set("n", Double.NaN),
                schema.row().set("id", 1).set("v", "\uD800"))) {
          assertThat(backend.kindOf(bad)).as("%s %s", strategy, bad).matches(FailureKind::isOfRow);
        }
      }
      assertThat(backend.read("SELECT * FROM t")).isEmpty();
    }
  }

  /** The server would read the text of some durations as a date. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aDurationBeyondTheRangeOfTimeIsInvalidUnlessItsColumnHoldsText(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE t (id bigint PRIMARY KEY, a time, b date, c datetime, d int)");
      Schema schema = Schema.table("t").columns("id", "a", "b", "c", "d").build();
      for (String column : List.of("a", "b", "c", "d")) {
        Row row = schema.row().set("id", 1).set(column, Duration.ofSeconds(3_636_610));
        assertThat(backend.kindOf(row)).as(column).isEqualTo(FailureKind.INVALID);
      }
      assertThat(backend.read("SELECT * FROM t")).isEmpty();
    }
  }

  /** Its default is its first value, which is not in the catalog. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aReplacedRowThatLeavesOutAnEnumHasItsFirstValue(Backend.Kind kind) {
    Schema schema =
        Schema.table("moods")
            .columns("id", "v")
            .conflictKey("id")
            .onConflict(ConflictStrategy.REPLACE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE moods (id int PRIMARY KEY, v enum('a', 'b') NOT NULL)");

      backend.write(schema.row().set("id", 1));
      backend.write(schema.row().set("id", 2).set("v", "b"));
      backend.write(schema.row().set("id", 2));

      assertThat(backend.read("SELECT id, v FROM moods ORDER BY id"))
          .containsExactly(List.of(1L, "a"), List.of(2L, "a"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aConflictByAnotherKeyThanTheOneMeantIsAnErrorOfItsRow(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE people (id varchar(9) PRIMARY KEY, email varchar(40) UNIQUE, age int)",
          "INSERT INTO people VALUES ('a', 'a@x', 1), ('b', 'b@x', 1)");
      for (ConflictStrategy strategy :
          List.of(ConflictStrategy.IGNORE, ConflictStrategy.UPDATE, ConflictStrategy.REPLACE)) {
        Schema schema =
            Schema.table("people")
                .columns("id", "email", "age")
                .conflictKey("id")
                .onConflict(strategy)
                .build();
        assertThat(backend.kindOf(schema.row().set("id", "c").set("email", "a@x").set("age", 2)))
            .as("%s", strategy)
            .isEqualTo(FailureKind.DATA);
        backend.write(schema.row().set("id", "A").set("email", "a@x").set("age", 3));
      }
      assertThat(backend.read("SELECT id, email, age FROM people ORDER BY id"))
          .containsExactly(List.of("a", "a@x", 3L), List.of("b", "b@x", 1L));
    }
  }
}
