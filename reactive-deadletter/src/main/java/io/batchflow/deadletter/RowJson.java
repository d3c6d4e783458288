package io.batchflow.deadletter;

import io.batchflow.Request;
import io.batchflow.Schema;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rows as JSON objects, a field for each column that is set, and back without loss: texts, truth
 * values, ints, doubles and null are JSON's own, all else names its type, as in {@code {"decimal":
 * "12.50"}}.
 *
 * <p>Types that are not known here are written as {@code {"other": {"class": …, "text": …}}} and
 * come back as that text. Safe for any thread.
 */
public final class RowJson {

  static final JsonMapper JSON = JsonMapper.shared();

  private static final String ARRAY = "array";
  private static final String OTHER = "other";

  private static final Map<String, Class<?>> ELEMENTS =
      Map.of(
          "String", String.class,
          "Integer", Integer.class,
          "Long", Long.class,
          "Short", Short.class,
          "Boolean", Boolean.class,
          "Double", Double.class,
          "Float", Float.class,
          "int", int.class,
          "long", long.class,
          "double", double.class);

  private RowJson() {}

  /** Returns a row as a JSON object. */
  public static String write(Request row) {
    return JSON.writeValueAsString(node(row));
  }

  /**
   * Returns the row of a JSON object.
   *
   * @throws DeadLetterFormatException if it is not one that {@link #write} made, or has a column
   *     that the schema lacks
   */
  public static Request read(Schema schema, String json) {
    try {
      return read(schema, JSON.readTree(json));
    } catch (JacksonException broken) {
      throw new DeadLetterFormatException(
          "A row for table '" + schema.table() + "' is not JSON" + placeOf(broken));
    }
  }

  static String placeOf(JacksonException broken) {
    TokenStreamLocation place = broken.getLocation();
    return place == null || place.getColumnNr() < 1 ? "" : ", at character " + place.getColumnNr();
  }

  static Set<String> columns(String json) {
    return JSON.readTree(json).properties().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static ObjectNode node(Request row) {
    ObjectNode node = JSON.createObjectNode();
    for (int i = 0; i < row.schema().columns().size(); i++) {
      if (row.isSet(i)) {
        node.set(row.schema().columns().get(i), node(row.value(i)));
      }
    }
    return node;
  }

  static Request read(Schema schema, JsonNode json) {
    if (!json.isObject()) {
      throw new DeadLetterFormatException(
          "A row for table '" + schema.table() + "' is not a JSON object");
    }
    Request row = schema.request();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!schema.columns().contains(field.getKey())) {
        throw new DeadLetterFormatException(
            "A row for table '"
                + schema.table()
                + "' has the column '"
                + field.getKey()
                + "', which its Schema lacks");
      }
      try {
        row.set(field.getKey(), value(field.getValue()));
      } catch (RuntimeException broken) {
        throw new DeadLetterFormatException(
            "Table '"
                + schema.table()
                + "', column '"
                + field.getKey()
                + "' has no readable value");
      }
    }
    return row;
  }

  private static JsonNode node(@Nullable Object value) {
    if (value == null
        || value instanceof Boolean
        || value instanceof Integer
        || (value instanceof Double number && Double.isFinite(number))
        || (value instanceof String text && isUtf8(text))) {
      return JSON.valueToTree(value);
    }
    ValueType type = ValueType.ofValue(value);
    if (type != null) {
      return JSON.createObjectNode().put(type.label(), type.textOf(value));
    }
    return value.getClass().isArray() ? arrayNode(value) : other(value);
  }

  private static boolean isUtf8(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static JsonNode arrayNode(Object array) {
    ArrayNode items = JSON.createArrayNode();
    for (int i = 0; i < Array.getLength(array); i++) {
      items.add(node(Array.get(array, i)));
    }
    ObjectNode node = JSON.createObjectNode();
    node.putObject(ARRAY)
        .put("of", array.getClass().getComponentType().getSimpleName())
        .set("items", items);
    return node;
  }

  private static JsonNode other(Object value) {
    ObjectNode node = JSON.createObjectNode();
    node.putObject(OTHER)
        .put("class", value.getClass().getName())
        .put("text", value instanceof Enum<?> constant ? constant.name() : value.toString());
    return node;
  }

  private static @Nullable Object value(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() ? (Object) node.intValue() : (Object) node.doubleValue();
    }
    if (node.isObject() && node.size() == 1) {
      Map.Entry<String, JsonNode> field = node.properties().iterator().next();
      return tagged(field.getKey(), field.getValue());
    }
    throw new IllegalArgumentException("It is neither a plain value nor one with a type");
  }

  private static @Nullable Object tagged(String label, JsonNode node) {
    if (label.equals(ARRAY)) {
      return array(node);
    }
    if (label.equals(OTHER)) {
      return node.required("text").stringValue();
    }
    ValueType type = ValueType.ofLabel(label);
    if (type == null) {
      throw new IllegalArgumentException("There is no type '" + label + "'");
    }
    return type.valueOf(node.stringValue());
  }

  private static Object array(JsonNode node) {
    JsonNode items = node.required("items");
    Class<?> element = ELEMENTS.getOrDefault(node.required("of").stringValue(), Object.class);
    Object array = Array.newInstance(element, items.size());
    for (int i = 0; i < items.size(); i++) {
      Array.set(array, i, value(items.get(i)));
    }
    return array;
  }
}
