package io.batchflow.deadletter;

import io.batchflow.RejectedRow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.json.RowFormatException;
import io.batchflow.json.RowJson;
import io.batchflow.json.UnkeptValueException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rejected row in a form that can be stored: the complete row, the reason and the time.
 * Immutable.
 *
 * @param id identifies the rejection; the same each time it is stored
 * @param time when it was rejected
 * @param table the table of the row
 * @param reason the simple name of the exception that its caller got
 * @param cause the backend's error message, which may contain values
 * @param attempts how often its batch was sent
 * @param row the row, by {@link RowJson}
 */
public record DeadLetter(
    UUID id, Instant time, String table, String reason, String cause, int attempts, String row) {

  /** Text of any length can be read, since it could be written. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  /**
   * Returns the dead letter of a rejected row.
   *
   * @throws UnkeptValueException if a value has a type that {@link RowJson} does not support
   */
  public static DeadLetter of(RejectedRow rejected) {
    String table = rejected.row().schema().table();
    String row = RowJson.write(rejected.row());
    String unique = rejected.time() + "\n" + table + "\n" + row;
    return new DeadLetter(
        UUID.nameUUIDFromBytes(unique.getBytes(StandardCharsets.UTF_8)),
        rejected.time(),
        table,
        rejected.reason().getClass().getSimpleName(),
        wordsOf(rejected.reason()),
        rejected.attempts(),
        row);
  }

  private static String wordsOf(Throwable reason) {
    Throwable cause = reason.getCause();
    return cause == null ? String.valueOf(reason.getMessage()) : cause.toString();
  }

  /** Returns the letter as one line of JSON. */
  public String toJson() {
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", id.toString())
            .put("time", time.toString())
            .put("table", table)
            .put("reason", reason)
            .put("cause", cause)
            .put("attempts", attempts);
    node.set("row", JSON.readTree(row));
    return JSON.writeValueAsString(node);
  }

  /**
   * Parses a text that {@link #toJson()} returned.
   *
   * @throws DeadLetterFormatException if the text is not a dead letter
   */
  public static DeadLetter parse(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      return new DeadLetter(
          UUID.fromString(text(node, "id")),
          Instant.parse(text(node, "time")),
          text(node, "table"),
          text(node, "reason"),
          text(node, "cause"),
          node.required("attempts").intValue(),
          JSON.writeValueAsString(node.required("row")));
    } catch (JacksonException broken) {
      throw new DeadLetterFormatException("A text is not a dead letter" + placeOf(broken));
    } catch (IllegalArgumentException | DateTimeParseException broken) {
      throw new DeadLetterFormatException("A text is not a dead letter");
    }
  }

  private static String placeOf(JacksonException broken) {
    TokenStreamLocation place = broken.getLocation();
    return place == null || place.getColumnNr() < 1 ? "" : ", at character " + place.getColumnNr();
  }

  private static String text(JsonNode node, String field) {
    return node.required(field).stringValue();
  }

  /**
   * Returns the row, for submitting it again.
   *
   * @throws DeadLetterFormatException if it has a column that the schema lacks
   */
  public Row toRow(Schema schema) {
    try {
      return RowJson.read(schema, row);
    } catch (RowFormatException broken) {
      throw new DeadLetterFormatException(broken.problem());
    }
  }

  /** Returns the names of the columns that the row sets. */
  public Set<String> columns() {
    return RowJson.columns(row);
  }

  /** Names the letter without the content that was read. */
  @Override
  public String toString() {
    return "DeadLetter[id=" + id + ", time=" + time + "]";
  }
}
