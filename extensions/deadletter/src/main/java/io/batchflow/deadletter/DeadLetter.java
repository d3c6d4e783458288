package io.batchflow.deadletter;

import io.batchflow.RefusedRequest;
import io.batchflow.Request;
import io.batchflow.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A refused row in a form that can be kept: all of it, and why and when it was refused. Immutable.
 *
 * @param id the same whenever the same refusal is written down, so that it can be told from others
 * @param time when it was refused
 * @param table the table that it was for
 * @param reason the simple name of the exception that its caller got
 * @param cause the backend's own words, which may hold values
 * @param attempts how often its batch was sent
 * @param row the row, by {@link RowJson}
 */
public record DeadLetter(
    UUID id, Instant time, String table, String reason, String cause, int attempts, String row) {

  /**
   * Returns the letter of a refused row.
   *
   * @throws UnkeptValueException if it has a value of a type that {@link RowJson} does not know
   */
  public static DeadLetter of(RefusedRequest refused) {
    String table = refused.request().schema().table();
    String row = RowJson.write(refused.request());
    String unique = refused.time() + "\n" + table + "\n" + row;
    return new DeadLetter(
        UUID.nameUUIDFromBytes(unique.getBytes(StandardCharsets.UTF_8)),
        refused.time(),
        table,
        refused.reason().getClass().getSimpleName(),
        wordsOf(refused.reason()),
        refused.attempts(),
        row);
  }

  private static String wordsOf(Throwable reason) {
    Throwable cause = reason.getCause();
    return cause == null ? String.valueOf(reason.getMessage()) : cause.toString();
  }

  /** Returns the letter as one line of JSON. */
  public String toJson() {
    ObjectNode node =
        ValueJson.JSON
            .createObjectNode()
            .put("id", id.toString())
            .put("time", time.toString())
            .put("table", table)
            .put("reason", reason)
            .put("cause", cause)
            .put("attempts", attempts);
    node.set("row", ValueJson.JSON.readTree(row));
    return ValueJson.JSON.writeValueAsString(node);
  }

  /**
   * Returns the letter that {@link #toJson()} made a text of.
   *
   * @throws DeadLetterFormatException if it did not
   */
  public static DeadLetter parse(String json) {
    try {
      JsonNode node = ValueJson.JSON.readTree(json);
      return new DeadLetter(
          UUID.fromString(text(node, "id")),
          Instant.parse(text(node, "time")),
          text(node, "table"),
          text(node, "reason"),
          text(node, "cause"),
          node.required("attempts").intValue(),
          ValueJson.JSON.writeValueAsString(node.required("row")));
    } catch (JacksonException broken) {
      throw new DeadLetterFormatException("A text is no dead letter" + RowJson.placeOf(broken));
    } catch (IllegalArgumentException | DateTimeParseException broken) {
      throw new DeadLetterFormatException("A text is no dead letter");
    }
  }

  private static String text(JsonNode node, String field) {
    return node.required(field).stringValue();
  }

  /**
   * Returns the row, to be submitted again.
   *
   * @throws DeadLetterFormatException if it has a column that the schema lacks
   */
  public Request request(Schema schema) {
    return RowJson.read(schema, row);
  }

  /** Returns the names of the columns that the row sets. */
  public Set<String> columns() {
    return RowJson.columns(row);
  }

  /** Names the table and the reason; never a value. */
  @Override
  public String toString() {
    return "DeadLetter[id="
        + id
        + ", table="
        + Printable.of(table)
        + ", reason="
        + Printable.of(reason)
        + "]";
  }
}
