package io.batchflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.batchflow.Request;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowJsonTest {

  private static final Schema SCHEMA = Schema.table("t").columns("a", "b").build();

  private static Object through(Object value) {
    Request row = RowJson.read(SCHEMA, RowJson.write(SCHEMA.request().set("a", value)));
    assertThat(row.isSet(1)).isFalse();
    return row.value(0);
  }

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Long> seconds = Arbitraries.longs().between(-60_000_000_000L, 250_000_000_000L);
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(20).map(Object.class::cast),
        Arbitraries.strings().withCharRange('\ud700', '\ue000').map(Object.class::cast),
        Arbitraries.of(true, false),
        Arbitraries.bytes().map(Object.class::cast),
        Arbitraries.shorts().map(Object.class::cast),
        Arbitraries.integers().map(Object.class::cast),
        Arbitraries.longs().map(Object.class::cast),
        Arbitraries.chars().map(Object.class::cast),
        Arbitraries.floats().map(Object.class::cast),
        Arbitraries.doubles().map(Object.class::cast),
        Arbitraries.of(Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE),
        Arbitraries.bigIntegers().map(Object.class::cast),
        Arbitraries.bigDecimals().map(Object.class::cast),
        Arbitraries.longs().map(bits -> new UUID(bits, ~bits)),
        Arbitraries.bytes().array(byte[].class),
        Arbitraries.strings().injectNull(0.2).array(String[].class),
        Arbitraries.integers().array(Integer[].class),
        Arbitraries.longs().array(long[].class),
        seconds.map(Instant::ofEpochSecond),
        seconds.map(s -> Instant.ofEpochSecond(s).atOffset(ZoneOffset.ofHours(3))),
        seconds.map(s -> LocalDateTime.ofEpochSecond(s, (int) (s & 0xffffff), ZoneOffset.UTC)));
  }

  @Property(tries = 5_000, seed = "20261121")
  void everyValueComesBackAsItWas(@ForAll("values") Object value) {
    assertThat(through(value)).isEqualTo(value).hasSameClassAs(value);
  }

  @Test
  void everyTypeThatIsNamedComesBackAsItWas() {
    Object[] values = {
      LocalDate.MIN,
      LocalTime.MAX,
      OffsetTime.MIN,
      OffsetDateTime.MAX,
      ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Berlin]"),
      Duration.ofSeconds(-1, 7),
      Period.of(1, -2, 3),
      new BigDecimal("1E+40"),
      BigInteger.TWO.pow(300),
      "\0",
      ""
    };
    for (Object value : values) {
      assertThat(through(value)).isEqualTo(value);
    }
    assertThat(through(null)).isNull();
    assertThat(through(ByteBuffer.wrap(new byte[] {1, 2}))).isEqualTo(new byte[] {1, 2});
  }

  @Test
  void aTypeThatIsNotKnownComesBackAsItsText() {
    assertThat(RowJson.write(SCHEMA.request().set("a", DayOfWeek.MONDAY)))
        .isEqualTo("{\"a\":{\"other\":{\"class\":\"java.time.DayOfWeek\",\"text\":\"MONDAY\"}}}");
    assertThat(through(DayOfWeek.MONDAY)).isEqualTo("MONDAY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "7",
        "{",
        "{\"a\":{}}",
        "{\"a\":[1]}",
        "{\"a\":{\"long\":\"x\"}}",
        "{\"a\":{\"long\":7}}",
        "{\"a\":{\"char\":\"\"}}",
        "{\"a\":{\"char\":\"65601\"}}",
        "{\"a\":{\"utf16\":\"QQ==\"}}",
        "{\"a\":{\"nothing\":\"1\"}}",
        "{\"a\":{\"array\":{}}}",
        "{\"a\":{\"array\":{\"of\":\"Integer\",\"items\":[\"x\"]}}}",
        "{\"a\":99999999999}",
        "{\"c\":1}"
      })
  void whatIsNoRowIsRefused(String json) {
    assertThatExceptionOfType(DeadLetterFormatException.class)
        .isThrownBy(() -> RowJson.read(SCHEMA, json))
        .withMessageContaining("'t'")
        .withNoCause();
  }
}
