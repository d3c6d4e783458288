package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.InRange;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.batchflow.Batch;
import io.batchflow.Schema;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** Any row is sent as one command, and any answer of Redis has a meaning. */
@Tag("fuzz")
class WireFuzzTest {

  private static final Schema RAW = Schema.table("t").columns("cmd", "key", "a").build();

  private static final int LONG = 100_000;

  /** Below this limit, the JDK does not read what it writes. */
  private static final int LEAST_SCALE = Integer.MIN_VALUE + 20;

  /** Keeps the sent bytes. */
  private static final class Wire implements RedisConnector {

    private final ByteBuf bytes = Unpooled.buffer();

    @Override
    public void send(List<RowCommand> commands, boolean atomic) {
      commands.forEach(command -> command.encode(bytes));
    }

    @Override
    public int slot(byte[] key) {
      return 0;
    }

    @Override
    public void reset() {}

    @Override
    public Mono<Void> close() {
      return Mono.empty();
    }
  }

  static Stream<Arguments> rows() {
    return Stream.of(
        Arguments.of(bytes("SET"), bytes("k"), bytes("v")),
        Arguments.of(bytes("SET k v\r\n*1\r\n$8\r\nFLUSHALL\r\n"), bytes("k"), bytes("v")),
        Arguments.of(bytes("SET"), bytes("k\r\n*1\r\n$8\r\nFLUSHALL\r\n"), bytes("\r\n")),
        Arguments.of(bytes("multi"), bytes("k"), bytes("v")),
        Arguments.of(bytes("SET"), bytes(""), bytes("v")),
        Arguments.of(bytes(""), bytes("k"), bytes("")));
  }

  @MethodSource("rows")
  @FuzzTest
  void anyRowIsOneCommandOrRejected(
      byte @NotNull [] name, byte @NotNull [] key, byte @NotNull [] argument) {
    Batch batch = Batch.of(List.of(RAW.row().set("cmd", name).set("key", key).set("a", argument)));
    Wire wire = new Wire();
    RowEncoder encoder = new RowEncoder(RAW, RedisMapping.raw(), RedisValueCodec.standard());
    Pipeline pipeline = new Pipeline(batch, wire, new Route());

    encoder.encode(batch, pipeline, wire::slot);
    pipeline.send(false).subscribe();

    if (wire.bytes.isReadable()) {
      assertThat(command(wire.bytes)).containsExactly(name, key, argument);
      assertThat(name).isNotEmpty().doesNotContain(' ', '\r', '\n');
      assertThat(key).isNotEmpty();
    } else {
      assertThat(pipeline.result().rejected().get(0))
          .isInstanceOf(RedisWriteException.class)
          .extracting(Throwable::getMessage)
          .asString()
          .matches("Table 't': (column 'cmd' is (not )?a command|the key is empty).*");
    }
  }

  /** Reads a command as a server does. */
  private static List<byte[]> command(ByteBuf wire) {
    List<byte[]> parts = new ArrayList<>();
    int count = number('*', wire);
    for (int i = 0; i < count; i++) {
      byte[] part = new byte[number('$', wire)];
      wire.readBytes(part);
      assertThat(wire.readShort()).isEqualTo((short) 0x0d0a);
      parts.add(part);
    }
    assertThat(wire.isReadable()).isFalse();
    return parts;
  }

  private static int number(char kind, ByteBuf wire) {
    assertThat((char) wire.readByte()).isEqualTo(kind);
    int end = wire.bytesBefore((byte) '\r');
    String digits = wire.readCharSequence(end, StandardCharsets.US_ASCII).toString();
    wire.skipBytes(2);
    return Integer.parseInt(digits);
  }

  static Stream<Arguments> decimals() {
    return Stream.of(
        Arguments.of(1250L, 2),
        Arguments.of(1L, LEAST_SCALE),
        Arguments.of(-1L, Integer.MAX_VALUE),
        Arguments.of(Long.MIN_VALUE, -1_001));
  }

  @MethodSource("decimals")
  @FuzzTest
  void anyDecimalIsItsTextAndOfALengthToBeBorne(
      long unscaled, @InRange(min = LEAST_SCALE) int scale) {
    BigDecimal decimal = new BigDecimal(BigInteger.valueOf(unscaled), scale);
    byte[] bytes = RedisValueCodec.standard().encode("a", decimal);
    assertThat(bytes).hasSizeLessThan(1_100);
    assertThat(new BigDecimal(new String(bytes, StandardCharsets.US_ASCII)))
        .isEqualByComparingTo(decimal);
  }

  @FuzzTest
  void anyErrorHasAMeaningAndAtMostACodeIsRepeated(byte[] content) {
    String error = new String(content, StandardCharsets.UTF_8);
    RedisWriteException failure = RedisErrors.answered(RAW, error);
    assertThat(failure.kind()).isNotNull();
    assertThat(failure.getMessage())
        .matches(
            "Table 't': Redis answered ([A-Z]{2,30}|an error)\\. The cause has the error of Redis\\.");
    assertThat(RedisErrors.codeOf(failure)).matches("[A-Z]*");

    String repeated = error.repeat(LONG / Math.max(1, error.length()));
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> RedisErrors.kind(repeated));
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> RedisErrors.kind("ERR " + repeated));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
