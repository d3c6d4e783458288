package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.r2dbc.postgresql.codec.Interval;
import io.r2dbc.postgresql.codec.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In each form (arrays in binary and text, binary COPY), the stored value is the one that
 * PostgreSQL reads from the literal.
 */
@Tag("server")
class PostgresTypesTest {

  /** Enough rows for a COPY. */
  private static final int MANY = 40;

  private final Path directory;

  PostgresTypesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Arguments of(String type, Object value, String literal) {
    return Arguments.of(type, value, literal);
  }

  static Stream<Arguments> values() throws java.net.UnknownHostException {
    return Stream.of(
        of("smallint", Short.MIN_VALUE, "-32768"),
        of("smallint", 32_767, "32767"),
        of("integer", Integer.MIN_VALUE, "-2147483648"),
        of("integer", (byte) 7, "7"),
        of("bigint", Long.MIN_VALUE, "-9223372036854775808"),
        of("bigint", Long.MAX_VALUE, "9223372036854775807"),
        of("bigint", "42", "42"),
        of("bigint", BigInteger.TEN, "10"),
        of("numeric", new BigDecimal("0"), "0"),
        of("numeric", new BigDecimal("0.000"), "0.000"),
        of(
            "numeric",
            new BigDecimal("-12345678901234567890.0123456789"),
            "-12345678901234567890.0123456789"),
        of("numeric", new BigDecimal("0.00000000000000000001"), "0.00000000000000000001"),
        of("numeric", new BigDecimal("1E+20"), "100000000000000000000"),
        of("numeric", new BigDecimal("10000"), "10000"),
        of("numeric", new BigDecimal("9999.9999"), "9999.9999"),
        of("numeric", new BigDecimal("100000000.5"), "100000000.5"),
        of("numeric", new BigDecimal("1E+5000"), "1E+5000"),
        of("numeric(12, 2)", new BigDecimal("12.345"), "12.35"),
        of("numeric(12, 2)", 7, "7.00"),
        of("numeric", BigInteger.TWO.pow(200), BigInteger.TWO.pow(200).toString()),
        of("real", 0.1f, "0.1"),
        of("real", Float.MIN_VALUE, "1.4e-45"),
        of("real", Float.NEGATIVE_INFINITY, "-Infinity"),
        of("double precision", 0.1, "0.1"),
        of("double precision", Double.MAX_VALUE, "1.7976931348623157e308"),
        of("double precision", Double.MIN_VALUE, "5e-324"),
        of("double precision", Double.NaN, "NaN"),
        of("double precision", -0.0, "-0"),
        of("boolean", true, "true"),
        of("boolean", false, "false"),
        of("text", "", ""),
        of("text", "NULL", "NULL"),
        of("text", "{a,\"b\\c\"}' \t\n", "{a,\"b\\c\"}' \t\n"),
        of("text", "e\u0301 \uD83D\uDE00 \uFEFF\u200F", "e\u0301 \uD83D\uDE00 \uFEFF\u200F"),
        of("text", 'c', "c"),
        of("text", java.nio.CharBuffer.wrap("built"), "built"),
        of("varchar(5)", "12345", "12345"),
        of("char(5)", "ab", "ab   "),
        of("bytea", new byte[] {0, -34, 92, 34, 65}, "\\x00de5c2241"),
        of("bytea", new byte[0], "\\x"),
        of("bytea", ByteBuffer.wrap(new byte[] {1, 2}), "\\x0102"),
        of(
            "uuid",
            UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
            "00112233-4455-6677-8899-aabbccddeeff"),
        of("date", LocalDate.of(2024, 2, 29), "2024-02-29"),
        of("date", LocalDate.of(12_345, 6, 7), "12345-06-07"),
        of("date", LocalDate.of(-43, 3, 15), "0044-03-15 BC"),
        of("date", LocalDate.of(0, 2, 29), "0001-02-29 BC"),
        of("time", LocalTime.MAX, "24:00:00"),
        of("time", LocalTime.of(1, 2, 3, 456_789_000), "01:02:03.456789"),
        of("timetz", OffsetTime.parse("10:15:30.5-03:30"), "10:15:30.5-03:30"),
        of(
            "timestamp",
            LocalDateTime.parse("2024-10-27T02:30:00.123456"),
            "2024-10-27 02:30:00.123456"),
        of(
            "timestamp",
            LocalDateTime.parse("1969-12-31T23:59:59.999999"),
            "1969-12-31 23:59:59.999999"),
        of("timestamp", LocalDateTime.of(-100, 1, 1, 0, 0), "0101-01-01 00:00:00 BC"),
        of("timestamp", "2024-05-06 07:08:09", "2024-05-06 07:08:09"),
        of(
            "timestamp",
            LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000),
            "9999-12-31 23:59:59.999999"),
        of("timestamp", LocalDateTime.of(2284, 1, 1, 0, 0, 0, 1_000), "2284-01-01 00:00:00.000001"),
        of(
            "timestamp",
            LocalDateTime.of(1715, 12, 31, 0, 0, 0, 1_000),
            "1715-12-31 00:00:00.000001"),
        of("date", "2024-05-06", "2024-05-06"),
        of("timestamptz", "2024-05-06 07:08:09+03", "2024-05-06 07:08:09+03"),
        of("timestamptz", Instant.parse("0001-01-01T00:00:00Z"), "0001-01-01 00:00:00+00"),
        of("timestamp", Instant.parse("2024-07-01T00:00:00Z"), "2024-07-01 00:00:00"),
        of(
            "timestamp(3)",
            LocalDateTime.parse("2024-01-01T00:00:00.0015"),
            "2024-01-01 00:00:00.002"),
        of("timestamptz", Instant.parse("2024-03-31T01:30:00Z"), "2024-03-31 01:30:00+00"),
        of(
            "timestamptz",
            OffsetDateTime.parse("2024-10-27T02:30:00+02:00"),
            "2024-10-27 02:30:00+02"),
        of(
            "timestamptz",
            OffsetDateTime.parse("2024-10-27T02:30:00+01:00"),
            "2024-10-27 02:30:00+01"),
        of(
            "timestamptz",
            ZonedDateTime.parse("1900-01-01T12:00:00+00:19:32[Europe/Amsterdam]"),
            "1900-01-01 12:00:00+00:19:32"),
        of(
            "timestamptz",
            Instant.parse("2024-01-01T00:00:00.0000015Z"),
            "2024-01-01 00:00:00.000002+00"),
        of("interval", Duration.ofSeconds(-3_661, 500_000_000), "-01:01:00.5"),
        of("interval", Period.of(1, -2, 3), "1 year -2 mons 3 days"),
        of(
            "interval",
            Interval.of(Period.of(1, 2, 3), Duration.ofSeconds(14_706, 7_000)),
            "1 year 2 mons 3 days 04:05:06.000007"),
        of("json", "{\"a\":  [1, \"\\u00e9\\\"\"]}", "{\"a\":  [1, \"\\u00e9\\\"\"]}"),
        of("jsonb", "{\"b\":1,\"a\":null}", "{\"a\": null, \"b\": 1}"),
        of("jsonb", Json.of("[true]"), "[true]"),
        of("inet", InetAddress.getByName("192.168.0.1"), "192.168.0.1"),
        of("inet", InetAddress.getByName("2001:db8::1"), "2001:db8::1"),
        of("inet", "10.0.0.0/8", "10.0.0.0/8"),
        of("mood", "so so", "so so"),
        of("mood", Mood.happy, "happy"),
        of("positive", 7, "7"),
        of("integer[]", new int[] {1, 2}, "{1,2}"),
        of("integer[]", new Integer[0], "{}"),
        of("integer[]", new Integer[][] {{1, 2}, {3, 4}}, "{{1,2},{3,4}}"),
        of(
            "text[]",
            new @Nullable String[] {"a,b", null, "\"q\"", "", "NULL", "\\"},
            "{\"a,b\",NULL,\"\\\"q\\\"\",\"\",\"NULL\",\"\\\\\"}"),
        of("varchar(3)[]", List.of("abc"), "{abc}"),
        of("uuid[]", List.of(new UUID(0, 1)), "{00000000-0000-0000-0000-000000000001}"));
  }

  enum Mood {
    happy
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("values")
  void aValueIsStoredAsPostgresReadsItsLiteral(String type, Object value, String literal) {
    storesAsItReads(Backend.Kind.POSTGRES.open(directory), type, value, literal);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("values")
  void aDriverWithoutOurCodecStoresTheSame(String type, Object value, String literal) {
    storesAsItReads(Backend.postgresInText(), type, value, literal);
  }

  private static void storesAsItReads(Backend open, String type, Object value, String literal) {
    Schema copied = Schema.table("t").columns("id", "v").build();
    Schema unnested =
        Schema.table("t")
            .columns("id", "v")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = open) {
      backend.run(
          "CREATE TYPE mood AS ENUM ('happy', 'so so')",
          "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
          "CREATE TABLE t (id bigint PRIMARY KEY, v "
              + type
              + ", own int GENERATED BY DEFAULT AS"
              + " IDENTITY, twice bigint GENERATED ALWAYS AS (id * 2) STORED)",
          "SET TimeZone = 'UTC'");
      backend.write(rows(copied, 0, value));
      backend.write(rows(unnested, MANY, value));

      String expected = "$lit$" + literal + "$lit$::" + type;
      assertThat(
              backend.read(
                  "SELECT count(*) FILTER (WHERE v::text = ("
                      + expected
                      + ")::text), count(*) FILTER (WHERE v IS NULL), min(v::text) FROM t"))
          .singleElement()
          .satisfies(
              counts -> {
                assertThat(counts.get(0)).as("stored as %s", counts.get(2)).isEqualTo(MANY + 0L);
                assertThat(counts.get(1)).isEqualTo(MANY + 0L);
              });
    }
  }

  /** Every second row is null. */
  private static List<Row> rows(Schema schema, long first, Object value) {
    List<Row> rows = new ArrayList<>();
    for (long id = first; id < first + MANY; id++) {
      rows.add(schema.row().set("id", id).set("v", id % 2 == 0 ? value : null));
    }
    return rows;
  }
}
