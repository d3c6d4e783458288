package io.batchflow.json;

import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.spi.Printable;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts rows to JSON objects and back without loss, with one field for each set column. Strings,
 * booleans, ints, doubles and null are plain JSON. Other values name their type, as in {@code
 * {"decimal": "12.50"}}. A row that deletes its key is an array, so that it is never taken for a
 * row to store: {@code ["delete", {"id": 7}]}.
 *
 * <p>Supported are the types of {@code java.lang}, {@code java.math} and {@code java.time}, the
 * time types of {@code java.sql}, UUIDs, addresses, the types of r2dbc-postgresql if it is present,
 * those of every {@link ValueTypeProvider}, and arrays, lists, sets and maps of all these. An enum
 * is read back as its constant's name, a {@code ByteBuffer} as bytes, another {@code CharSequence}
 * as a string. Other types, such as streams, cannot be written.
 *
 * <p>Thread-safe.
 */
public final class RowJson {

  private static final String DELETE = "delete";

  private RowJson() {}

  /**
   * Returns the names of the columns that a row sets.
   *
   * @param json the result of {@link #write}
   */
  public static Set<String> columns(String json) {
    JsonNode row = ValueJson.JSON.readTree(json);
    return (row.isArray() ? row.path(1) : row)
        .properties().stream()
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Returns a row as JSON.
   *
   * @throws UnkeptValueException if a value has an unsupported type
   */
  public static String write(Row row) {
    ObjectNode node = ValueJson.JSON.createObjectNode();
    for (int i = 0; i < row.schema().columns().size(); i++) {
      if (row.isSet(i)) {
        String column = row.schema().columns().get(i);
        try {
          node.set(column, ValueJson.write(row.value(i)));
        } catch (UnkeptTypeException unkept) {
          throw new UnkeptValueException(row.schema().table(), column, unkept.type());
        }
      }
    }
    return ValueJson.JSON.writeValueAsString(
        row.isDelete() ? ValueJson.JSON.createArrayNode().add(DELETE).add(node) : node);
  }

  /**
   * Returns the row of a JSON text.
   *
   * @throws RowFormatException if it was not written by {@link #write}, has a column that the
   *     schema lacks, or deletes its key and the schema does not allow that
   */
  public static Row read(Schema schema, String json) {
    try {
      return read(schema, ValueJson.JSON.readTree(json));
    } catch (JacksonException broken) {
      throw new RowFormatException(
          "A row for table '" + Printable.of(schema.table()) + "' is not JSON" + placeOf(broken));
    }
  }

  private static String placeOf(JacksonException broken) {
    TokenStreamLocation place = broken.getLocation();
    return place == null || place.getColumnNr() < 1 ? "" : ", at character " + place.getColumnNr();
  }

  private static Row read(Schema schema, JsonNode json) {
    String table = Printable.of(schema.table());
    boolean delete = json.size() == 2 && json.isArray() && DELETE.equals(json.get(0).asString(""));
    if (!delete) {
      return read(schema, schema.row(), table, json);
    }
    if (!schema.allowsDeletes()) {
      throw new RowFormatException(
          "A row for table '" + table + "' deletes its key, which its Schema does not allow");
    }
    return read(schema, schema.delete(), table, json.get(1));
  }

  private static Row read(Schema schema, Row row, String table, JsonNode json) {
    if (!json.isObject()) {
      throw new RowFormatException("A row for table '" + table + "' is not a JSON object");
    }
    Set<String> columns = Set.copyOf(schema.columns());
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String column = Printable.of(field.getKey());
      if (!columns.contains(field.getKey())) {
        throw new RowFormatException(
            "A row for table '"
                + table
                + "' has the column '"
                + column
                + "', which its Schema lacks");
      }
      try {
        row.set(field.getKey(), ValueJson.read(field.getValue()));
      } catch (UnreadableValueException broken) {
        throw unreadable(table, column, ": it has " + broken.getMessage());
      } catch (RuntimeException broken) {
        throw unreadable(table, column, "");
      }
    }
    return row;
  }

  private static RowFormatException unreadable(String table, String column, String why) {
    return new RowFormatException(
        "Table '" + table + "', column '" + column + "' has no readable value" + why);
  }
}
