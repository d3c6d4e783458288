package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
class ValuesTest {

  private static final UUID ID = UUID.fromString("0b2f0a3c-6f3c-4a4e-9a55-3d1f5b7f3f11");
  private static final Instant NOON = Instant.parse("2024-02-29T12:00:00Z");
  private static final ZonedDateTime IN_PARIS =
      ZonedDateTime.parse("2024-02-29T13:00:00.5+01:00[Europe/Paris]");

  private final Path directory;

  ValuesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static Stream<Arguments> sqliteValues() {
    return Stream.of(
        Arguments.of("it's", "text", "it's"),
        Arguments.of(CharBuffer.wrap("text"), "text", "text"),
        Arguments.of('c', "text", "c"),
        Arguments.of(DayOfWeek.MONDAY, "text", "MONDAY"),
        Arguments.of(true, "integer", "1"),
        Arguments.of(false, "integer", "0"),
        Arguments.of((byte) -1, "integer", "-1"),
        Arguments.of((short) 300, "integer", "300"),
        Arguments.of(Integer.MIN_VALUE, "integer", "-2147483648"),
        Arguments.of(Long.MAX_VALUE, "integer", "9223372036854775807"),
        Arguments.of(BigInteger.valueOf(Long.MIN_VALUE), "integer", "-9223372036854775808"),
        Arguments.of(BigInteger.ONE.shiftLeft(63), "text", "9223372036854775808"),
        Arguments.of(1.5f, "real", "1.5"),
        Arguments.of(-0.1, "real", "-0.1"),
        Arguments.of(Double.POSITIVE_INFINITY, "real", "Inf"),
        Arguments.of(new BigDecimal("1E+3"), "text", "1000"),
        Arguments.of(new BigDecimal("0.10"), "text", "0.10"),
        Arguments.of(ID, "text", ID.toString()),
        Arguments.of(new byte[] {0, 1, -1}, "blob", "0001FF"),
        Arguments.of(ByteBuffer.wrap(new byte[] {9, 1, 2}, 1, 2), "blob", "0102"),
        Arguments.of(NOON, "text", "2024-02-29T12:00:00.000000000Z"),
        Arguments.of(Date.from(NOON), "text", "2024-02-29T12:00:00.000000000Z"),
        Arguments.of(IN_PARIS, "text", "2024-02-29T13:00:00.500+01:00"),
        Arguments.of(OffsetDateTime.parse("2024-02-29T12:00Z"), "text", "2024-02-29T12:00Z"),
        Arguments.of(LocalDate.of(2024, 2, 29), "text", "2024-02-29"),
        Arguments.of(LocalTime.of(1, 2, 3), "text", "01:02:03"),
        Arguments.of(LocalDateTime.of(2024, 2, 29, 1, 2, 3), "text", "2024-02-29T01:02:03"),
        Arguments.of(java.sql.Date.valueOf("2024-02-29"), "text", "2024-02-29"),
        Arguments.of(java.sql.Time.valueOf("01:02:03"), "text", "01:02:03"),
        Arguments.of(
            java.sql.Timestamp.valueOf("2024-02-29 01:02:03.5"), "text", "2024-02-29T01:02:03.500"),
        Arguments.of(Year.of(2024), "text", "2024"),
        Arguments.of(Duration.ofMinutes(90), "text", "PT1H30M"));
  }

  @ParameterizedTest(name = "{0} is stored as {1}")
  @MethodSource("sqliteValues")
  void sqliteStoresAValueAsDocumented(Object value, String type, String stored) {
    Schema schema = Schema.table("held").columns("v").build();
    try (Backend backend = Backend.Kind.SQLITE_FILE.open(directory)) {
      backend.run("CREATE TABLE held (v)");
      backend.write(schema.row().set("v", value));
      assertThat(
              backend.read(
                  "SELECT typeof(v), CASE typeof(v) WHEN 'blob' THEN hex(v)"
                      + " ELSE CAST(v AS TEXT) END FROM held"))
          .containsExactly(List.of(type, stored));
    }
  }

  @Test
  void sqliteTakesNoNaNWhichItWouldStoreAsNull() {
    Schema schema = Schema.table("held").columns("v").build();
    try (Backend backend = Backend.Kind.SQLITE_FILE.open(directory)) {
      backend.run("CREATE TABLE held (v)");
      assertThat(backend.kindOf(schema.row().set("v", Double.NaN))).isEqualTo(FailureKind.INVALID);
    }
  }

  static Stream<Arguments> h2Values() {
    return Stream.of(
            Arguments.of("VARCHAR(10)", "it's", "it's"),
            Arguments.of("CHAR(4)", "abc", "abc "),
            Arguments.of("VARCHAR_IGNORECASE(10)", CharBuffer.wrap("b"), "b"),
            Arguments.of("CLOB(1K)", "long", "long"),
            Arguments.of("VARCHAR(10)", 'c', "c"),
            Arguments.of("ENUM('MONDAY', 'CHAR(1)')", DayOfWeek.MONDAY, "MONDAY"),
            Arguments.of(
                "INTERVAL DAY TO MINUTE",
                Duration.ofMinutes(90),
                "INTERVAL '0 01:30' DAY TO MINUTE"),
            Arguments.of("BOOLEAN", true, "TRUE"),
            Arguments.of("TINYINT", (byte) -1, "-1"),
            Arguments.of("BIGINT", Long.MAX_VALUE, "9223372036854775807"),
            Arguments.of("NUMERIC(30)", BigInteger.ONE.shiftLeft(63), "9223372036854775808"),
            Arguments.of("NUMERIC(6, 2)", new BigDecimal("1.10"), "1.10"),
            Arguments.of("DECFLOAT(10)", new BigDecimal("1.5"), "1.5"),
            Arguments.of("REAL", 1.5f, "1.5"),
            Arguments.of("DOUBLE PRECISION", -0.1, "-0.1"),
            Arguments.of("UUID", ID, ID.toString()),
            Arguments.of("VARBINARY(4)", ByteBuffer.wrap(new byte[] {65, 66}), "AB"),
            Arguments.of("BINARY(2)", new byte[] {65, 66}, "AB"),
            Arguments.of("DATE", LocalDate.of(2024, 2, 29), "2024-02-29"),
            Arguments.of("TIME", LocalTime.of(1, 2, 3), "01:02:03"),
            Arguments.of(
                "TIMESTAMP(9)",
                LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4),
                "2024-02-29 01:02:03.000000004"),
            Arguments.of(
                "TIMESTAMP",
                java.sql.Timestamp.valueOf("2024-02-29 01:02:03"),
                "2024-02-29 01:02:03"),
            Arguments.of(
                "TIMESTAMP WITH TIME ZONE",
                NOON.atOffset(ZoneOffset.UTC),
                "2024-02-29 12:00:00+00"),
            Arguments.of("TIMESTAMP WITH TIME ZONE", NOON, "2024-02-29 12:00:00+00"),
            Arguments.of("TIMESTAMP WITH TIME ZONE", IN_PARIS, "2024-02-29 13:00:00.5+01"),
            Arguments.of("INTEGER ARRAY[3]", new Integer[] {1, 2}, "[1, 2]"),
            Arguments.of("INTEGER ARRAY", new Integer[] {null, 2}, "[null, 2]"),
            Arguments.of("INTEGER ARRAY ARRAY", new Object[] {new Integer[] {1}}, "[[1]]"),
            Arguments.of("VARCHAR(3) ARRAY", new String[] {"a", "b"}, "[a, b]"))
        .flatMap(
            value ->
                Stream.of(Backend.Kind.H2_MEMORY, Backend.Kind.H2_JDBC)
                    .map(
                        kind ->
                            Arguments.of(kind, value.get()[0], value.get()[1], value.get()[2])));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("h2Values")
  void h2StoresAValueAlikeUnderEveryStrategy(
      Backend.Kind kind, String type, Object value, String stored) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE held (id INTEGER PRIMARY KEY, v " + type + ")");
      int id = 0;
      for (ConflictStrategy strategy : ConflictStrategy.values()) {
        Schema schema =
            Schema.table("held").columns("id", "v").conflictKey("id").onConflict(strategy).build();
        backend.write(
            schema.row().set("id", id++).set("v", value),
            schema.row().set("id", id++).set("v", null));
      }
      assertThat(backend.read("SELECT DISTINCT CAST(v AS VARCHAR) FROM held WHERE id % 2 = 0"))
          .containsExactly(List.of(stored));
      assertThat(backend.read("SELECT COUNT(*), COUNT(v) FROM held"))
          .containsExactly(List.of(8L, 4L));
    }
  }

  static Stream<Arguments> tooLong() {
    return Stream.of(
            Arguments.of("VARCHAR(3)", "four"),
            Arguments.of("CHAR(3)", "four"),
            Arguments.of("CHAR", "4s"),
            Arguments.of("VARCHAR_IGNORECASE(3)", "four"),
            Arguments.of("CLOB(3)", "four"),
            Arguments.of("VARBINARY(3)", new byte[4]),
            Arguments.of("BINARY(3)", new byte[4]),
            Arguments.of("BLOB(3)", new byte[4]),
            Arguments.of("NUMERIC(4, 2)", new BigDecimal("100")),
            Arguments.of("SMALLINT", 70_000),
            Arguments.of("INTEGER ARRAY[1]", new Integer[] {1, 2}),
            Arguments.of("VARCHAR(3) ARRAY", new String[] {"four"}))
        .flatMap(
            value ->
                Stream.of(ConflictStrategy.values())
                    .map(strategy -> Arguments.of(strategy, value.get()[0], value.get()[1])));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("tooLong")
  void h2RejectsWhatIsTooLongUnderEveryStrategy(
      ConflictStrategy strategy, String type, Object value) {
    Schema schema =
        Schema.table("held").columns("id", "v").conflictKey("id").onConflict(strategy).build();
    try (Backend backend = Backend.Kind.H2_MEMORY.open(directory)) {
      backend.run("CREATE TABLE held (id INTEGER PRIMARY KEY, v " + type + ")");
      assertThat(backend.kindOf(schema.row().set("id", 1).set("v", value)))
          .isEqualTo(FailureKind.DATA);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aBufferIsLeftAsItWas(Backend.Kind kind) {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {65, 66});
    Schema schema = Schema.table("held").columns("v").build();
    try (Backend backend = kind.open(directory)) {
      boolean postgres = kind.isPostgres();
      backend.run("CREATE TABLE held (v " + (postgres ? "BYTEA" : "BLOB") + ")");
      backend.write(schema.row().set("v", buffer), schema.row().set("v", buffer));
      assertThat(buffer.remaining()).isEqualTo(2);
      String bytes = postgres ? "'\\x4142'" : "X'4142'";
      assertThat(backend.read("SELECT COUNT(*) FROM held WHERE v = " + bytes))
          .containsExactly(List.of(2L));
    }
  }
}
