package io.batchflow.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.batchflow.Schema;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;

/** Every text is read as a row, or is rejected without any of its content. */
@Tag("fuzz")
class RowFuzzTest {

  private static final Schema SCHEMA = Schema.table("t").columns("a", "b").build();

  private static final String PLACE = "(, at character \\d+)?";

  private static final String REMEDY =
      "\\. Correct the text, or read it with a Schema that fits\\.";

  private static final String NO_ROW =
      "A row for table 't' (is not JSON"
          + PLACE
          + "|is not a JSON object|has the column '\\P{Cntrl}*', which its Schema lacks)"
          + "|Table 't', column '[ab]' has no readable value(: it has [^\n]*)?";

  @FuzzTest
  void anyTextIsARowOrRejected(byte[] content) {
    try {
      String kept = RowJson.write(RowJson.read(SCHEMA, text(content)));
      assertThat(RowJson.write(RowJson.read(SCHEMA, kept))).isEqualTo(kept);
    } catch (RowFormatException rejected) {
      assertThat(rejected).hasNoCause();
      assertThat(rejected.getMessage()).matches("(" + NO_ROW + ")" + REMEDY);
    }
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }
}
