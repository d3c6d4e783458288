package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The bytes of constants, arrays and collections. */
class StandardCodecTest {

  private static byte[] encode(Object value) {
    return RedisValueCodec.standard().encode("v", value);
  }

  @Test
  void charactersAreATextAndBytesAreBytes() {
    assertThat(encode(new char[] {'a', 'b'})).asString().isEqualTo("ab");
    assertThat(encode(new Byte[] {65, 66})).containsExactly(65, 66);
    assertThatThrownBy(() -> encode(new Byte[] {65, null})).hasMessageContaining("null");
  }

  private enum Colour {
    RED;

    @Override
    public String toString() {
      return "red, printed";
    }
  }

  @Test
  void aConstantIsItsNameWhateverItPrints() {
    assertThat(encode(Colour.RED)).asString().isEqualTo("RED");
  }

  @Test
  void otherArraysAndCollectionsAreRejected() {
    for (Object value :
        List.of(new int[] {7}, new String[] {"7"}, List.of(7), Set.of(7), Map.of(7, 7))) {
      assertThatThrownBy(() -> encode(value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("7");
    }
  }
}
