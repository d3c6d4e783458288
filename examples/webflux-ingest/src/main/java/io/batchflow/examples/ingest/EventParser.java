package io.batchflow.examples.ingest;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the JSON of an event, or says what is wrong with it. */
@Component
class EventParser {

  private final JsonMapper json;

  EventParser(JsonMapper json) {
    this.json = json;
  }

  /**
   * Parses an event.
   *
   * @throws BadEventException if the text is not an event
   */
  Event parse(String text) {
    try {
      return read(json.readTree(text));
    } catch (JacksonException malformed) {
      throw new BadEventException("it is not JSON");
    }
  }

  /**
   * Reads an event. {@code id}, {@code source} and {@code kind} are required. {@code at} defaults
   * to now, and {@code payload} may be any JSON.
   *
   * @throws BadEventException if the JSON is not an event
   */
  Event read(JsonNode event) {
    if (!event.isObject()) {
      throw new BadEventException("it is not a JSON object");
    }
    JsonNode id = event.path("id");
    if (!id.isIntegralNumber() || !id.canConvertToLong()) {
      throw new BadEventException("'id' must be a whole number");
    }
    return new Event(
        id.longValue(),
        string(event, "source"),
        string(event, "kind"),
        event.has("payload") ? event.path("payload").toString() : null,
        time(event.path("at")));
  }

  private static String string(JsonNode event, String name) {
    JsonNode value = event.path(name);
    if (!value.isString() || value.stringValue().isEmpty()) {
      throw new BadEventException("'" + name + "' must be a text that is not empty");
    }
    return value.stringValue();
  }

  private static LocalDateTime time(JsonNode at) {
    if (at.isMissingNode()) {
      return LocalDateTime.now(ZoneOffset.UTC);
    }
    try {
      return OffsetDateTime.parse(at.asString(""))
          .withOffsetSameInstant(ZoneOffset.UTC)
          .toLocalDateTime();
    } catch (DateTimeException malformed) {
      throw new BadEventException("'at' must be a time such as 2026-01-31T12:00:00Z");
    }
  }

  /** An invalid event, which is answered with 400. The message names the field, never its value. */
  static final class BadEventException extends ResponseStatusException {

    private static final long serialVersionUID = 1L;

    BadEventException(String problem) {
      super(HttpStatus.BAD_REQUEST, problem);
    }
  }
}
