package io.batchflow.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.postgresql.codec.Box;
import io.r2dbc.postgresql.codec.Circle;
import io.r2dbc.postgresql.codec.Interval;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.Line;
import io.r2dbc.postgresql.codec.Lseg;
import io.r2dbc.postgresql.codec.Point;
import io.r2dbc.postgresql.codec.Polygon;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.HijrahDate;
import java.time.chrono.JapaneseDate;
import java.time.chrono.ThaiBuddhistDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/** Generates and compares values of every type that is kept. */
final class KeptValues {

  private KeptValues() {}

  /** Returns the ends of each type's range, and values of earlier bugs. */
  static List<Object> edges() {
    return List.of(
        true,
        (byte) -1,
        Short.MIN_VALUE,
        Integer.MIN_VALUE,
        Long.MIN_VALUE,
        Float.NaN,
        -0.0f,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        Double.NaN,
        -0.0,
        Double.POSITIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        'x',
        '\ud800',
        "",
        "\0",
        "\ud800 alone",
        "line\nfeed \u2028",
        BigInteger.TWO.pow(300).negate(),
        new BigDecimal("1E+1000000000"),
        new BigDecimal("-0.00"),
        new BigDecimal("1.10"),
        new byte[] {0, -1},
        new Byte[] {1, null},
        new char[] {'a', '\udc00'},
        new boolean[] {true, false},
        new float[] {1.5f, Float.NaN},
        new int[][] {{1}, {}},
        new String[][] {{"a", null}, {}},
        new UUID[] {new UUID(1, 2), null},
        new LocalDate[] {LocalDate.EPOCH},
        new byte[][] {{1}, {}},
        new Date[] {date(7)},
        new Object[] {1, "a", null, new Object[] {2L}},
        LocalDate.MIN,
        LocalTime.MAX,
        LocalDateTime.MAX,
        Instant.MIN,
        Instant.MAX,
        OffsetTime.MIN,
        OffsetDateTime.MAX,
        ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Berlin]"),
        ZonedDateTime.parse("2026-10-25T02:30:00+02:00[Europe/Berlin]"),
        Duration.ofSeconds(Long.MIN_VALUE, 7),
        Period.of(1, -2, 3),
        Year.of(Year.MAX_VALUE),
        YearMonth.of(Year.MIN_VALUE, 2),
        YearMonth.of(12_345, 2),
        MonthDay.of(2, 29),
        ZoneOffset.MIN,
        ZoneId.of("Europe/Berlin"),
        HijrahDate.from(LocalDate.of(2026, 1, 1)),
        JapaneseDate.of(2026, 1, 1),
        ThaiBuddhistDate.of(2569, 1, 1),
        date(Long.MIN_VALUE),
        date(1_234L),
        java.sql.Timestamp.valueOf("2026-10-25 02:30:00.123456789"),
        java.sql.Date.valueOf("1500-02-28"),
        new java.sql.Time(1_234L),
        new UUID(-1, 1),
        address("10.0.0.1"),
        address("2001:db8::1"),
        URI.create("mailto:a@example.org"),
        url("https://example.org/a?b#c"),
        BitSet.valueOf(new long[] {5, 1L << 63}),
        new AtomicInteger(-7),
        new AtomicLong(Long.MAX_VALUE),
        Json.of("{\"a\": [1, \"ü\"]}"),
        Interval.of(Period.of(1, -14, 3), Duration.ofSeconds(-90_061, 5_000)),
        Point.of(1, Double.NEGATIVE_INFINITY),
        Box.of(1, 2e300, -3, -0.5),
        Lseg.of(1, 2, 3, 4),
        Line.of(1, 2, 3.0),
        Circle.of(1, 2, 3),
        io.r2dbc.postgresql.codec.Path.open(Point.of(1, 2), Point.of(3, 4)),
        io.r2dbc.postgresql.codec.Path.closed(Point.of(1, 2)),
        Polygon.of(Point.of(1, 2), Point.of(3, 4)));
  }

  private static Date date(long millis) {
    return Date.from(Instant.ofEpochMilli(millis));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  private static URL url(String text) {
    try {
      return new URL(text);
    } catch (MalformedURLException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  static Arbitrary<Object> scalars() {
    Arbitrary<Long> seconds = Arbitraries.longs().between(-60_000_000_000L, 250_000_000_000L);
    return Arbitraries.oneOf(
        Arbitraries.of(edges()),
        Arbitraries.strings().ofMaxLength(20).map(Object.class::cast),
        Arbitraries.strings().withCharRange('\ud700', '\ue000').map(Object.class::cast),
        Arbitraries.integers().map(Object.class::cast),
        Arbitraries.longs().map(Object.class::cast),
        Arbitraries.chars().map(Object.class::cast),
        Arbitraries.floats().map(Object.class::cast),
        Arbitraries.doubles().map(Object.class::cast),
        Arbitraries.bigIntegers().map(Object.class::cast),
        Arbitraries.bigDecimals().map(Object.class::cast),
        Arbitraries.bytes().array(byte[].class),
        Arbitraries.longs().array(long[].class),
        Arbitraries.longs().map(bits -> new UUID(bits, ~bits)),
        Arbitraries.longs().map(KeptValues::date),
        seconds.map(s -> new java.sql.Timestamp(s * 1_000 + 7)),
        seconds.map(s -> new java.sql.Date(s * 1_000)),
        seconds.map(s -> new java.sql.Time(s * 1_000)),
        seconds.map(Instant::ofEpochSecond),
        seconds.map(s -> Instant.ofEpochSecond(s).atZone(ZoneId.of("Europe/Berlin"))),
        seconds.map(s -> LocalDateTime.ofEpochSecond(s, (int) (s & 0xffffff), ZoneOffset.UTC)));
  }

  /** Returns values nested in arrays, lists, sets and maps, some levels deep. */
  static Arbitrary<Object> nested() {
    return Arbitraries.recursive(KeptValues::scalars, KeptValues::within, 0, 4);
  }

  private static Arbitrary<Object> within(Arbitrary<Object> values) {
    Arbitrary<List<Object>> lists = values.injectNull(0.1).list().ofMaxSize(4);
    return Arbitraries.oneOf(
        lists.map(list -> (Object) Collections.unmodifiableList(list)),
        lists.map(List::toArray),
        lists.map(list -> (Object) new LinkedHashSet<>(list)),
        lists.map(
            list -> {
              Map<Object, Object> map = new LinkedHashMap<>();
              list.forEach(value -> map.put(map.size(), value));
              return (Object) map;
            }));
  }

  /**
   * Returns whether two values are the same for a database. Arrays are compared by their elements.
   */
  static boolean areSame(@Nullable Object one, @Nullable Object other) {
    if (one == null || other == null) {
      return one == other;
    }
    if (one.getClass().isArray()) {
      return one.getClass() == other.getClass() && areSame(elements(one), elements(other));
    }
    if (one instanceof List<?> list) {
      return other instanceof List<?> others && haveSame(list, others);
    }
    if (one instanceof Set<?> set) {
      return other instanceof Set<?> others && haveSame(set, others);
    }
    if (one instanceof Map<?, ?> map) {
      return other instanceof Map<?, ?> others
          && haveSame(map.keySet(), others.keySet())
          && haveSame(map.values(), others.values());
    }
    if (one instanceof Json json) {
      return other instanceof Json others && json.asString().equals(others.asString());
    }
    if (one instanceof AtomicInteger || one instanceof AtomicLong || one instanceof URL) {
      return one.getClass() == other.getClass() && one.toString().equals(other.toString());
    }
    return one.getClass() == other.getClass() && one.equals(other);
  }

  private static List<Object> elements(Object array) {
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      elements.add(Array.get(array, i));
    }
    return elements;
  }

  private static boolean haveSame(Iterable<?> some, Iterable<?> others) {
    Iterator<?> other = others.iterator();
    for (Object one : some) {
      if (!other.hasNext() || !areSame(one, other.next())) {
        return false;
      }
    }
    return !other.hasNext();
  }

  static void assertSame(@Nullable Object value, @Nullable Object expected) {
    assertThat(areSame(expected, value)).as("%s came back as %s", expected, value).isTrue();
  }
}
