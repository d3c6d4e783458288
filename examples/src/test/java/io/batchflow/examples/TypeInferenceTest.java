package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeInferenceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      textBlock =
          """
          1 -2 0                                      > INTEGER
          1.0 2.5 -0.25                               > REAL
          1 2.5                                       > TEXT
          true FALSE                                  > BOOLEAN
          2026-01-31 2024-02-29                       > DATE
          2026-01-31T12:30 2026-01-31T12:30:00.123    > TIMESTAMP
          2026-01-31T12:30:00Z 2026-01-31T12:30+02:00 > ZONED_TIMESTAMP
          one 2                                       > TEXT
          """)
  void theNarrowestTypeOfAllValuesIsInferred(String values, ColumnType type) {
    assertThat(typeOf(values.split(" "))).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "007",
    "+1",
    "-0",
    "1.10",
    "1e5",
    "1.0E10",
    "-0.0",
    "10E4",
    ".5",
    "1.5d",
    "0x1p3",
    "1_000",
    "NaN",
    "Infinity",
    "1.",
    "0x10",
    "1e999",
    "12345678901234567890",
    "0.1234567890123456789",
    "2026-02-30",
    "1 2",
    "yes"
  })
  void aNumberThatPrintsDifferentlyStaysText(String value) {
    assertThat(typeOf(value)).isEqualTo(ColumnType.TEXT);
  }

  @Test
  void aNumberWithSpacesAroundItStaysText() {
    assertThat(typeOf(" 5", "5")).isEqualTo(ColumnType.TEXT);
    assertThat(typeOf("5 ")).isEqualTo(ColumnType.TEXT);
  }

  @Test
  void booleansAndNumbersTogetherAreText() {
    assertThat(typeOf("true", "1")).isEqualTo(ColumnType.TEXT);
  }

  @Test
  void anEmptyTextIsText() {
    assertThat(typeOf("1", "")).isEqualTo(ColumnType.TEXT);
  }

  @Test
  void aColumnWithoutValuesIsText() {
    assertThat(typeOf()).isEqualTo(ColumnType.TEXT);
  }

  private static ColumnType typeOf(String... values) {
    TypeInference inference = new TypeInference();
    for (String value : values) {
      inference.accept(value);
    }
    return inference.type();
  }
}
