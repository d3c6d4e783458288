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
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rejected row in a form that can be kept: all of it, and why and when it was rejected.
 * Immutable.
 *
 * @param id the same whenever the same rejection is written down, so that it can be told from
 *     others
 * @param time when it was rejected
 * @param table the table that it was for
 * @param reason the simple name of the exception that its caller got
 * @param cause the backend's own words, which may hold values
 * @param attempts how often its batch was sent
 * @param row the row, by {@link RowJson}
 */
public record DeadLetter(
    UUID id, Instant time, String table, String reason, String cause, int attempts, String row) {

  /** Text of any length is read: what was written must come back. */
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
   * Returns the letter of a rejected row.
   *
   * @throws UnkeptValueException if it has a value of a type that {@link RowJson} does not know
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
   * Returns the letter that {@link #toJson()} made a text of.
   *
   * @throws DeadLetterFormatException if it did not
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
      throw new DeadLetterFormatException("A text is no dead letter" + placeOf(broken));
    } catch (IllegalArgumentException | DateTimeParseException broken) {
      throw new DeadLetterFormatException("A text is no dead letter");
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
   * Returns the row, to be submitted again.
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
    return JSON.readTree(row).properties().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Names the letter, and nothing that was read with it. */
  @Override
  public String toString() {
    return "DeadLetter[id=" + id + ", time=" + time + "]";
  }
}
