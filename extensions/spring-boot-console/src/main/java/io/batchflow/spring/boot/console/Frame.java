package io.batchflow.spring.boot.console;

import org.springframework.http.codec.ServerSentEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the stream tells in one second.
 *
 * @param number how many there were before in the stream
 * @param now all flows
 * @param change what changed since the frame before, as a merge patch
 */
record Frame(long number, JsonNode now, String change) {

  /** The event with all flows. */
  static final String WHOLE = "whole";

  /** The event with what changed since the event before. */
  static final String CHANGE = "change";

  /** Returns the frame before the first one, which nobody gets. */
  static Frame none() {
    return new Frame(-1, JsonNodeFactory.instance.objectNode(), "");
  }

  Frame next(JsonNode later) {
    return new Frame(number + 1, later, MergePatch.between(now, later).toString());
  }

  /** Returns the event for a page that got the frame of a number last. */
  ServerSentEvent<String> after(long last) {
    return last >= 0 && last == number - 1
        ? ServerSentEvent.builder(change).event(CHANGE).build()
        : ServerSentEvent.builder(now.toString()).event(WHOLE).build();
  }
}
