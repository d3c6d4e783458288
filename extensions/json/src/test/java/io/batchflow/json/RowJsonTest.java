package io.batchflow.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowJsonTest {

  private static final Schema SCHEMA = Schema.table("t").columns("a", "b").build();

  private static Object through(Object value) {
    Row row = RowJson.read(SCHEMA, RowJson.write(SCHEMA.row().set("a", value)));
    assertThat(row.isSet(1)).isFalse();
    return row.value(0);
  }

  private static Object read(String json) {
    return RowJson.read(SCHEMA, json).value(0);
  }

  @Provide
  Arbitrary<Object> values() {
    return KeptValues.nested();
  }

  @Property(tries = 5_000, seed = "20261121")
  void everyValueIsReadBackUnchanged(@ForAll("values") Object value) {
    KeptValues.assertSame(through(value), value);
  }

  @Test
  void theEdgesOfEveryTypeAreReadBackUnchanged() {
    for (Object value : KeptValues.edges()) {
      KeptValues.assertSame(through(value), value);
      KeptValues.assertSame(through(List.of(Set.of(value))), List.of(Set.of(value)));
    }
    assertThat(through(null)).isNull();
  }

  @Test
  void aValueThatWritersConvertIsReadBackConverted() {
    assertThat(through(ByteBuffer.wrap(new byte[] {1, 2}))).isEqualTo(new byte[] {1, 2});
    assertThat(through(CharBuffer.wrap("text"))).isEqualTo("text");
    assertThat(through(DayOfWeek.MONDAY)).isEqualTo("MONDAY");
    assertThat(through(new DayOfWeek[] {DayOfWeek.MONDAY})).isEqualTo(new Object[] {"MONDAY"});
    assertThat(through(new ArrayList<>(List.of(1)))).isEqualTo(List.of(1));
    assertThat(through(Map.of("k", 1))).isEqualTo(Map.of("k", 1));
    assertThat(Set.of(7)).isEqualTo(through(Set.of(7)));
  }

  @Test
  void aRowThatDeletesItsKeyIsReadBackAsOne() {
    Schema schema =
        Schema.table("t")
            .columns("delete", "b")
            .conflictKey("delete")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    String json = RowJson.write(schema.delete().set("delete", 7L));

    Row row = RowJson.read(schema, json);
    assertThat(row.isDelete()).isTrue();
    assertThat(row.value(0)).isEqualTo(7L);
    assertThat(RowJson.columns(json)).containsExactly("delete");
    String stored = RowJson.write(schema.row().set("delete", 7L).set("b", "x"));
    assertThat(RowJson.read(schema, stored).isDelete()).isFalse();
    assertThat(RowJson.columns(stored)).containsExactly("delete", "b");
    assertThatExceptionOfType(RowFormatException.class)
        .isThrownBy(() -> RowJson.read(SCHEMA, json))
        .withMessageContaining("deletes its key, which its Schema does not allow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[\"delete\"]", "[\"insert\", {}]", "[\"delete\", 1]", "[1, {}]"})
  void anotherArrayIsNoRow(String json) {
    Schema schema =
        Schema.table("t").columns("a").conflictKey("a").onConflict(ConflictStrategy.UPDATE).build();
    assertThatExceptionOfType(RowFormatException.class)
        .isThrownBy(() -> RowJson.read(schema, json))
        .withMessageContaining("is not a JSON object");
  }

  static List<Object> unkept() {
    return List.of(
        InputStream.nullInputStream(),
        new Object(),
        Thread.currentThread(),
        io.r2dbc.spi.Parameters.in(1),
        io.r2dbc.spi.Clob.from(reactor.core.publisher.Mono.just("text")));
  }

  @ParameterizedTest
  @MethodSource("unkept")
  void aTypeThatCannotBeKeptIsNamedWithItsColumn(Object value) {
    for (Object row : List.of(value, List.of(value), new Object[] {value}, Map.of(1, value))) {
      assertThatExceptionOfType(UnkeptValueException.class)
          .isThrownBy(() -> RowJson.write(SCHEMA.row().set("b", row)))
          .withMessageContaining("'t'")
          .withMessageContaining("'b'")
          .withMessageContaining(value.getClass().getName());
    }
  }

  @Test
  void aListThatContainsItselfCannotBeKept() {
    List<Object> endless = new ArrayList<>();
    endless.add(endless);
    assertThatExceptionOfType(UnkeptValueException.class)
        .isThrownBy(() -> RowJson.write(SCHEMA.row().set("a", endless)))
        .withMessageContaining("100 levels");
    Object deep = 1;
    for (int i = 0; i < ValueJson.MAX_DEPTH; i++) {
      deep = new Object[] {deep};
    }
    KeptValues.assertSame(through(deep), deep);
  }

  @Test
  void aTypeOfAProviderIsKept() {
    assertThat(through(new Celsius(21))).isEqualTo(new Celsius(21));
    assertThat(through(new Celsius[] {new Celsius(1)})).isEqualTo(new Celsius[] {new Celsius(1)});
  }

  /** A type of an application. */
  record Celsius(int degrees) {}

  /** Named in META-INF/services. */
  public static final class CelsiusProvider implements ValueTypeProvider {
    @Override
    public List<ValueType<?>> types() {
      return List.of(
          new ValueType<>(
              "celsius",
              Celsius.class,
              value -> "" + value.degrees(),
              text -> new Celsius(Integer.parseInt(text))));
    }
  }

  @Test
  void aSqlTimeKeepsItsLocalTimeInAnotherZone() {
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      Timestamp time = Timestamp.valueOf("2026-01-31 12:00:00.000000001");
      String kept = RowJson.write(SCHEMA.row().set("a", time));
      assertThat(read(kept)).isEqualTo(time);
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      assertThat(read(kept)).isEqualTo(Timestamp.valueOf("2026-01-31 12:00:00.000000001"));
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void textsAndBytesOfAnyLengthAreReadBack() {
    String text = "x".repeat(20_000_001);
    assertThat(through(text).equals(text)).isTrue();
    byte[] bytes = new byte[15_000_001];
    assertThat(Arrays.equals((byte[]) through(bytes), bytes)).isTrue();
  }

  @Test
  void numbersOfAnyLengthAreReadBack() {
    for (int digits : new int[] {1_999, 2_000, 2_001, 30_000, 900_000, 1_200_000}) {
      BigInteger number = BigInteger.TEN.pow(digits).subtract(BigInteger.valueOf(7));
      KeptValues.assertSame(through(number), number);
      assertThat(through(number.negate()).equals(number.negate())).isTrue();
      for (int scale : new int[] {-5, 0, 3, digits, digits + 100, 1_000_000_000}) {
        BigDecimal decimal = new BigDecimal(number.negate(), scale);
        KeptValues.assertSame(through(decimal), decimal);
      }
    }
  }

  @Test
  void aNumberWithTooManyDigitsIsRejectedWithTheReason() {
    assertThatExceptionOfType(RowFormatException.class)
        .isThrownBy(() -> read("{\"a\":{\"biginteger\":\"" + "9".repeat(1_000_001) + "\"}}"))
        .withMessageContaining("a number of more than 1000000 digits");
  }

  @Test
  void textsOfEarlierVersionsAreRead() {
    assertThat(read("{\"a\":{\"other\":{\"class\":\"a.B\",\"text\":\"MONDAY\"}}}"))
        .isEqualTo("MONDAY");
    assertThat(read("{\"a\":{\"array\":{\"of\":\"byte[]\",\"items\":[{\"bytes\":\"AQ==\"}]}}}"))
        .isEqualTo(new byte[][] {{1}});
    assertThat(read("{\"a\":{\"array\":{\"of\":\"UUID\",\"items\":[null]}}}"))
        .isEqualTo(new Object[] {null});
    assertThat(read("{\"a\":{\"biginteger\":\"-" + "9".repeat(5_000) + "\"}}"))
        .isEqualTo(BigInteger.ONE.subtract(BigInteger.TEN.pow(5_000)));
  }

  @Test
  void aNameFromALetterIsEscapedInMessages() {
    assertThatExceptionOfType(RowFormatException.class)
        .isThrownBy(() -> read("{\"x\\n2026 WARN forged \\u001b[31m\\u2028\\u202e\":1}"))
        .withMessageContaining("'x\\u000a2026 WARN forged \\u001b[31m\\u2028\\u202e'");
    assertThatExceptionOfType(RowFormatException.class)
        .isThrownBy(() -> read("{\"" + "x".repeat(100_000) + "\":1}"))
        .satisfies(rejected -> assertThat(rejected.getMessage()).hasSizeLessThan(500));
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
        "{\"a\":{\"list\":{}}}",
        "{\"a\":{\"map\":[[1]]}}",
        "{\"a\":{\"inetaddress\":\"example.org\"}}",
        "{\"a\":{\"inetaddress\":\"1.2.3.256\"}}",
        "{\"a\":{\"timestamp\":\"2026-01-01T00:00\"}}",
        "{\"a\":{\"pgpoint\":\"(1,2,3)\"}}",
        "{\"a\":99999999999}",
        "{\"c\":1}"
      })
  void aTextThatIsNotARowIsRejected(String json) {
    assertThatExceptionOfType(RowFormatException.class)
        .isThrownBy(() -> read(json))
        .withMessageContaining("'t'")
        .withNoCause();
  }

  @Test
  void aRowThatIsNestedTooDeepIsRejected() {
    String deep = "{\"list\":[".repeat(100_000);
    assertThatExceptionOfType(RowFormatException.class)
        .isThrownBy(() -> read("{\"a\":" + deep))
        .withMessageContaining("is not JSON");
    assertThatExceptionOfType(RowFormatException.class)
        .isThrownBy(
            () -> read("{\"a\":{\"array\":{\"of\":\"int" + "[]".repeat(300) + "\",\"items\":[]}}}"))
        .withMessageContaining("no readable value");
  }
}
