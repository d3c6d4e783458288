package io.batchflow.json;

import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.spi.Printable;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts rows to JSON objects and back without loss, with one field for each set column. Strings,
 * booleans, ints, doubles and null are plain JSON. Other values name their type, as in {@code
 * {"decimal": "12.50"}}.
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

  private RowJson() {}

  /**
   * Returns a row as a JSON object.
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
    return ValueJson.JSON.writeValueAsString(node);
  }

  /**
   * Returns the row of a JSON object.
   *
   * @throws RowFormatException if it was not written by {@link #write}, or has a column that the
   *     schema lacks
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
    if (!json.isObject()) {
      throw new RowFormatException("A row for table '" + table + "' is not a JSON object");
    }
    Set<String> columns = Set.copyOf(schema.columns());
    Row row = schema.row();
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
