package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INTEGER                     | INTEGER
          tinyint                     | INTEGER
          UNSIGNED BIG INT            | INTEGER
          NUMERIC(10, 2)              | DECIMAL
          DECFLOAT                    | DECIMAL
          DOUBLE PRECISION            | REAL
          BOOLEAN                     | BOOLEAN
          CHARACTER VARYING(20)       | TEXT
          CHARACTER LARGE OBJECT      | TEXT
          DATE                        | DATE
          TIME                        | TIME
          TIMESTAMP(6)                | TIMESTAMP
          DATETIME                    | TIMESTAMP
          TIMESTAMP(6) WITH TIME ZONE | ZONED_TIMESTAMP
          UUID                        | UNIQUE_ID
          BINARY VARYING              | BYTES
          INTERVAL DAY TO MINUTE      | TEXT
          INTEGER ARRAY               | TEXT
          WHATEVER                    | TEXT
          """)
  void aTypeIsRecognizedByTheNameInTheDatabase(String sqlType, ColumnType type) {
    assertThat(ColumnType.of(sqlType)).isEqualTo(type);
  }

  @Test
  void theNameOfATypeIsRecognizedAsThatType() {
    assertThat(ColumnType.values()).allMatch(type -> ColumnType.of(type.sql()) == type);
  }

  @ParameterizedTest
  @CsvSource({
    "BOOLEAN, yes",
    "INTEGER, 1.5",
    "INTEGER, 9223372036854775808",
    "DECIMAL, 1;5",
    "REAL, x",
    "DATE, 31.01.2026",
    "TIME, 25:00",
    "TIMESTAMP, 2026-01-31",
    "ZONED_TIMESTAMP, 2026-01-31T12:30",
    "UNIQUE_ID, 42",
    "BYTES, 0",
    "INTEGER, ''"
  })
  void aTextOfAnotherTypeHasNoValue(ColumnType type, String text) {
    assertThat(type.parse(text)).isEmpty();
  }

  @Test
  void spacesAroundAValueAreIgnoredExceptInText() {
    assertThat(ColumnType.INTEGER.parse(" 42 ")).contains(42L);
    assertThat(ColumnType.DECIMAL.parse(" 1.50")).contains(new BigDecimal("1.50"));
    assertThat(ColumnType.TIMESTAMP.parse(" 2026-01-31 12:30"))
        .contains(LocalDateTime.of(2026, 1, 31, 12, 30));
    assertThat(ColumnType.TEXT.parse(" x ")).contains(" x ");
  }
}
