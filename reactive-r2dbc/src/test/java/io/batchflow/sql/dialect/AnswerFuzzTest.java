package io.batchflow.sql.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.batchflow.Batch;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any answer of a server has a meaning, and names an existing row or none. */
@Tag("fuzz")
class AnswerFuzzTest {

  private static final int LONG = 100_000;

  private static final Schema SCHEMA = Schema.table("t").columns("a").build();

  private static final SqlTable TABLE =
      SqlTable.resolve(
          SCHEMA,
          List.of(new CatalogRow("s", true, "t", "a", "text", null, false, false, "", null, null)));

  private static final SqlStatement STATEMENT =
      SqlStatement.of(
              Dialects.mysql(),
              TABLE,
              Batch.of(List.of(SCHEMA.row().set("a", "x"), SCHEMA.row().set("a", "y"))),
              most -> most)
          .get(0);

  @FuzzTest
  void anyMessageNamesARowOfTheStatementOrNone(byte[] content) {
    String message = new String(content, StandardCharsets.UTF_8);
    for (SqlDialect dialect : NameFuzzTest.DIALECTS) {
      assertThat(STATEMENT.indexInBatch(dialect.badRow(message) - 1)).isBetween(-1, 1);
    }
    // The text before it may be a value.
    assertThat(MySqlErrors.badRow(message + " at row 7")).isEqualTo(7);

    String repeated = message.repeat(LONG / Math.max(1, message.length()));
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> MySqlErrors.badRow(repeated));
  }

  static Stream<Arguments> codes() {
    return Stream.of(
        Arguments.of("", 0),
        Arguments.of("2", Integer.MIN_VALUE),
        Arguments.of("23505", 23505),
        Arguments.of("HY000", 1062));
  }

  @MethodSource("codes")
  @FuzzTest
  void anyCodeHasAMeaning(@NotNull String sqlState, int code) {
    for (SqlDialect dialect : NameFuzzTest.DIALECTS) {
      assertThat(dialect.classify(sqlState, code)).isNotNull();
      assertThat(dialect.classify(null, code)).isNotNull();
      assertThat(dialect.refusesConnection(sqlState, code) && dialect.isReadOnly(sqlState, code))
          .isFalse();
    }
  }
}
