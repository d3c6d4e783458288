package io.batchflow.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.json.JsonMapper;

/** Every text is an event, or is rejected with a reason that contains no value. */
@Tag("fuzz")
class EventFuzzTest {

  private final EventParser parser = new EventParser(JsonMapper.shared());

  @FuzzTest
  void anyTextIsAnEventOrRejected(byte[] content) {
    try {
      Event event = parser.parse(new String(content, StandardCharsets.UTF_8));
      assertThat(List.of(event.source(), event.kind())).doesNotContain("");
      assertThat(event.occurredAt()).isNotNull();
    } catch (EventParser.BadEventException rejected) {
      assertThat(rejected.getReason())
          .matches(
              "it is not JSON|it is not a JSON object|'id' must be a whole number"
                  + "|'(source|kind)' must be a text that is not empty"
                  + "|'at' must be a time such as 2026-01-31T12:00:00Z");
    }
  }
}
