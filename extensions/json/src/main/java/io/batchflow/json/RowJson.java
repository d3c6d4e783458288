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
 * Rows as JSON objects, a field for each column that is set, and back without loss: texts, truth
 * values, ints, doubles and null are JSON's own, all else names its type, as in {@code {"decimal":
 * "12.50"}}.
 *
 * <p>Known are the types of {@code java.lang}, {@code java.math}, {@code java.time} and {@code
 * java.sql}'s times, UUIDs, addresses, the types of r2dbc-postgresql where it is there, those of
 * every {@link ValueTypeProvider}, and arrays, lists, sets and maps of all these. An enum comes
 * back as its constant's name, a {@code ByteBuffer} as bytes, another {@code CharSequence} as a
 * string. A value of any other type, such as a stream, is rejected when it is written.
 *
 * <p>Safe for any thread.
 */
public final class RowJson {

  private RowJson() {}

  /**
   * Returns a row as a JSON object.
   *
   * @throws UnkeptValueException if a value is of a type that is not known
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
   * @throws RowFormatException if it is not one that {@link #write} made, or has a column that the
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
