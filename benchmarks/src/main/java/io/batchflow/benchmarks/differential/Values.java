package io.batchflow.benchmarks.differential;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Random values: of a column's own class, of a similar class, or of any class. */
final class Values {

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "A",
          "b",
          "B",
          "ab",
          "Ab",
          "AB",
          "a ",
          "a  ",
          " a",
          "é",
          "É",
          "e\u0301",
          "ß",
          "ss",
          "SS",
          "1",
          "1.0",
          "1.00",
          "01",
          "+1",
          "1e0",
          "x,y",
          "NULL",
          "null",
          "\\",
          "\"",
          "'",
          "{a}",
          "\\x41",
          "😀",
          "İ",
          "i",
          "I",
          "ı",
          "true",
          "t",
          "on",
          "red",
          "Red",
          "zz",
          "a\tb",
          "a\nb",
          "abcdefghij",
          "2024-01-01",
          "$1",
          "?",
          "\\N",
          "\u200b",
          "abcdefghijklmnopqrstuvwxyz");

  private static final List<String> JSONS =
      List.of(
          "{}", "{\"a\":1}", "{ \"a\": 1.0 }", "[1,2]", "\"x\"", "null", "1", "{\"a\":1,\"a\":2}");

  private static final List<String> NUMBERS =
      List.of(
          "0", "1", "1.0", "1.00", "-1", "2", "2.5", "2.50", "1.005", "1.004", "1.995", "-1.005",
          "12.34", "12.345", "99.995", "123.4", "1E+2", "100", "1E-3", "0.001", "-0.00");

  /** Every given number of a column that has a counter is a multiple of this one. */
  static final int GIVEN = 1_000_000;

  /** Values in whose place MariaDB generates a key. To SQLite, some of them are the same key. */
  private static final List<Object> ZEROS =
      List.of(0, 0L, "0", "0.0", 0.0, -0.0, 0.3, false, BigInteger.ZERO, new BigDecimal("0.40"));

  private static final List<Object> WILD = wild();

  private Values() {}

  private static List<Object> wild() {
    return List.of(
        Instant.MAX,
        Instant.MIN,
        Instant.EPOCH,
        LocalDate.MAX,
        LocalDate.MIN,
        LocalDate.of(0, 1, 1),
        LocalDate.of(10000, 1, 1),
        LocalDateTime.MAX,
        LocalDateTime.MIN,
        LocalDateTime.of(1, 1, 1, 0, 0),
        OffsetDateTime.MAX,
        OffsetDateTime.MIN,
        LocalTime.MAX,
        LocalTime.MIDNIGHT,
        OffsetTime.MAX,
        ZonedDateTime.of(2024, 3, 31, 2, 30, 0, 0, ZoneId.of("Europe/Berlin")),
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        -0.0,
        Float.NaN,
        Float.NEGATIVE_INFINITY,
        0.1f,
        1e10,
        new BigDecimal("1E+400"),
        new BigDecimal("1E-400"),
        new BigDecimal("1E+100000"),
        new BigDecimal("123456789012345678901234567890.123456789"),
        BigInteger.TWO.pow(63),
        BigInteger.TWO.pow(64),
        BigInteger.TWO.pow(200).negate(),
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Short.MAX_VALUE,
        Byte.MIN_VALUE,
        255,
        65_536,
        4_294_967_296L,
        9_007_199_254_740_993L,
        "\0",
        "a\0b",
        "\uD800",
        "x\uDC00y",
        "z".repeat(300),
        new byte[0],
        new byte[] {1, 2, -1},
        ByteBuffer.wrap(new byte[] {0, 65}),
        new int[] {1, 2},
        List.of(1, 2),
        List.of("a", "b"),
        new String[] {"a", "b"},
        new char[] {'a', 'b'},
        new Byte[] {1, 2},
        new Object(),
        Map.of("a", 1),
        new UUID(1, 2),
        Duration.ofDays(40),
        Duration.ofSeconds(-1, 5),
        Period.ofMonths(14),
        Year.of(2024),
        new AtomicInteger(3),
        DayOfWeek.MONDAY,
        Choice.red,
        java.util.Date.from(Instant.EPOCH),
        new java.sql.Timestamp(1_000),
        new java.sql.Date(86_400_000L),
        new java.sql.Time(3_600_000L),
        CharBuffer.wrap("sb"),
        'c',
        true,
        false);
  }

  /** The constants are the values of the enum types in the databases. */
  enum Choice {
    red,
    green,
    blue
  }

  static Object wild(SplittableRandom random) {
    return pick(WILD, random);
  }

  static Object zero(SplittableRandom random) {
    return pick(ZEROS, random);
  }

  /** Returns a number that no counter reaches, even if it continues from the greatest of these. */
  static Integer given(int number) {
    return (1_000 - number) * GIVEN;
  }

  static <T> T pick(List<T> values, SplittableRandom random) {
    return values.get(random.nextInt(values.size()));
  }

  /** Returns a value of the column's own class. */
  static Object own(ColumnType type, SplittableRandom random) {
    return switch (type.kind()) {
      case INTEGER -> integer(type.own(), random.nextInt(-3, 12));
      case DECIMAL -> new BigDecimal(pick(NUMBERS, random));
      case FLOATING -> floating(type.own(), random);
      case TEXT -> pick(TEXTS, random);
      case BINARY -> bytes(random);
      case BOOLEAN -> random.nextBoolean();
      case DATE -> LocalDate.of(2024, 1, 1).plusDays(random.nextInt(-2, 60));
      case TIME -> LocalTime.of(random.nextInt(24), 30, 15, nanos(random));
      case TIMESTAMP -> timestamp(random);
      case MOMENT -> timestamp(random).atOffset(ZoneOffset.ofHours(random.nextInt(-1, 2)));
      case UUID -> new UUID(0, random.nextInt(6));
      case INTERVAL -> Duration.ofMinutes(random.nextInt(200));
      case JSON -> pick(JSONS, random);
      case INET -> "10.0.0." + random.nextInt(6);
      case CHOICE -> pick(List.of(Choice.values()), random).name();
      case ARRAY -> List.of(random.nextInt(3), random.nextInt(3));
    };
  }

  /** Returns a value that the database stores unchanged and considers different from all others. */
  static Object distinct(ColumnType type, SplittableRandom random) {
    int number = random.nextInt(10);
    return switch (type.kind()) {
      case DECIMAL -> BigDecimal.valueOf(number);
      case FLOATING ->
          type.own() == Float.class ? (Object) (float) number : (Object) (double) number;
      case TEXT -> "k" + number;
      case BINARY -> new byte[] {65, 66, (byte) (65 + number)};
      case TIME -> LocalTime.of(number, 30, 15);
      case TIMESTAMP -> LocalDateTime.of(2024, 1, 1, number, 0);
      case MOMENT -> OffsetDateTime.of(2024, 1, 1, number, 0, 0, 0, ZoneOffset.UTC);
      case JSON -> "{\"a\": " + number + "}";
      default -> own(type, random);
    };
  }

  private static LocalDateTime timestamp(SplittableRandom random) {
    return LocalDateTime.of(2024, 1, 1, 12, 0, 0, nanos(random)).plusHours(random.nextInt(3));
  }

  /** Returns nanoseconds, often more precise than databases store. */
  private static int nanos(SplittableRandom random) {
    return pick(
        List.of(0, 0, 1_000, 500, 499, 1_500, 500_000_000, 499_999_999, 999_999_999, 123_456_789),
        random);
  }

  private static Object floating(Class<?> own, SplittableRandom random) {
    double number = new BigDecimal(pick(NUMBERS, random)).doubleValue();
    return own == Float.class ? (Object) (float) number : (Object) number;
  }

  private static byte[] bytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(4)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextBoolean() ? 65 + random.nextInt(2) : random.nextInt(256));
    }
    return bytes;
  }

  private static Object integer(Class<?> own, long value) {
    if (own == Integer.class) {
      return (int) value;
    }
    if (own == Short.class) {
      return (short) value;
    }
    return own == Byte.class ? (Object) (byte) value : (Object) value;
  }

  /** Returns a value that the column probably accepts, of its own or a similar class. */
  static Object near(ColumnType type, SplittableRandom random) {
    int way = random.nextInt(6);
    Object own = own(type, random);
    return switch (type.kind()) {
      case INTEGER -> number(BigDecimal.valueOf(((Number) own).longValue()), way, random);
      case DECIMAL -> number((BigDecimal) own, way, random);
      case FLOATING -> number(new BigDecimal(own.toString()), way, random);
      case TEXT -> way == 0 ? CharBuffer.wrap((String) own) : way == 1 ? nearText(random) : own;
      case BINARY ->
          way == 0
              ? ByteBuffer.wrap((byte[]) own)
              : way == 1 ? new String((byte[]) own, StandardCharsets.ISO_8859_1) : own;
      case BOOLEAN -> way == 0 ? own.toString() : way == 1 ? (Object) random.nextInt(3) : own;
      case DATE -> way == 0 ? own.toString() : way == 1 ? ((LocalDate) own).atStartOfDay() : own;
      case TIME -> way == 0 ? own.toString() : own;
      case TIMESTAMP ->
          way == 0
              ? ((LocalDateTime) own).toInstant(ZoneOffset.UTC)
              : way == 1 ? own.toString() : way == 2 ? ((LocalDateTime) own).toLocalDate() : own;
      case MOMENT -> nearMoment((OffsetDateTime) own, way);
      case UUID -> way == 0 ? own.toString().toUpperCase(java.util.Locale.ROOT) : own;
      case INTERVAL -> way == 0 ? Period.ofDays(random.nextInt(3)) : own;
      case CHOICE -> way == 0 ? pick(List.of(Choice.values()), random) : own;
      case JSON, INET, ARRAY -> own;
    };
  }

  private static Object nearText(SplittableRandom random) {
    return pick(
        List.<Object>of(1, 1L, 1.0, new BigDecimal("1.00"), new BigDecimal("1.0"), 'a', true),
        random);
  }

  private static Object nearMoment(OffsetDateTime own, int way) {
    return switch (way) {
      case 0 -> own.toInstant();
      case 1 -> own.atZoneSameInstant(ZoneId.of("Europe/Berlin"));
      case 2 -> own.toString();
      case 3 -> own.withOffsetSameInstant(ZoneOffset.ofHours(5));
      default -> own;
    };
  }

  private static Object number(BigDecimal value, int way, SplittableRandom random) {
    return switch (way) {
      case 0 -> value.intValue();
      case 1 -> value.longValue();
      case 2 -> value.doubleValue();
      case 3 -> value.toString();
      case 4 -> random.nextBoolean() ? value.setScale(value.scale() + 1) : value.toBigInteger();
      default -> random.nextBoolean() ? value.floatValue() : (Object) value.shortValue();
    };
  }
}
