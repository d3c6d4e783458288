package io.batchflow.sql.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.InRange;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The text of a decimal with any exponent is the same number and not too long. */
@Tag("fuzz")
class DecimalFuzzTest {

  private static final SqlColumn COLUMN =
      new SqlColumn("a", "numeric", "numeric", false, false, "");

  /** Below this limit, the JDK does not read what it writes. */
  private static final int LEAST_SCALE = Integer.MIN_VALUE + 20;

  static Stream<Arguments> decimals() {
    return Stream.of(
        Arguments.of(1250L, 2),
        Arguments.of(1L, LEAST_SCALE),
        Arguments.of(-1L, Integer.MAX_VALUE),
        Arguments.of(Long.MIN_VALUE, -1_001),
        Arguments.of(0L, -1_000));
  }

  @MethodSource("decimals")
  @FuzzTest
  void anyDecimalIsItsText(long unscaled, @InRange(min = LEAST_SCALE) int scale) {
    BigDecimal decimal = new BigDecimal(BigInteger.valueOf(unscaled), scale);
    for (SqlDialect dialect : NameFuzzTest.DIALECTS) {
      if (dialect.encode(COLUMN, decimal) instanceof String text) {
        assertThat(text).hasSizeLessThan(1_100);
        assertThat(new BigDecimal(text)).isEqualByComparingTo(decimal);
      }
    }
    assertThat(PostgresText.array(List.of(decimal))).hasSizeLessThan(1_100);
  }
}
