package io.batchflow.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.batchflow.Row;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.json.JsonMapper;

/** Every text is an event, or is rejected with a reason that contains no value. */
@Tag("fuzz")
class EventFuzzTest {

  private final EventParser parser =
      new EventParser(JsonMapper.shared(), new IngestConfiguration().events());

  @FuzzTest
  void anyTextIsAnEventOrRejected(byte[] content) {
    try {
      Row row = parser.parse(new String(content, StandardCharsets.UTF_8));
      assertThat(row.schema().requiredColumns()).allMatch(column -> row.value(column) != null);
    } catch (EventParser.BadEventException rejected) {
      assertThat(rejected.getMessage())
          .matches(
              "it is not JSON|it is not a JSON object|'id' must be a whole number"
                  + "|'(source|kind)' must be a text that is not empty"
                  + "|'at' must be a time such as 2026-01-31T12:00:00Z");
    }
  }
}
