package io.batchflow.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts values to JSON and back. Strings, booleans, ints, doubles and null are plain JSON. Every
 * other value is an object with one field: the label of its {@link ValueType} or container.
 */
final class ValueJson {

  /** Text of any length can be read, since it could be written. */
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  private static final String ARRAY = "array";
  private static final String LIST = "list";
  private static final String SET = "set";
  private static final String MAP = "map";
  private static final String ENUM = "enum";

  /** The label under which earlier versions kept a value of an unknown type as text. */
  private static final String OTHER = "other";

  static final Set<String> LABELS = Set.of(ARRAY, LIST, SET, MAP, ENUM, OTHER);

  /**
   * The maximum nesting of values. Each level is up to three levels of JSON, whose limit is 500.
   */
  static final int MAX_DEPTH = 100;

  private ValueJson() {}

  /**
   * Returns a value as JSON.
   *
   * @throws UnkeptTypeException if it contains a value of an unknown type, or is nested too deep
   */
  static JsonNode write(@Nullable Object value) {
    return write(value, 0);
  }

  private static JsonNode write(@Nullable Object value, int depth) {
    if (value == null
        || value instanceof Boolean
        || value instanceof Integer
        || (value instanceof Double number && Double.isFinite(number))
        || (value instanceof String text && isUtf8(text))) {
      return JSON.valueToTree(value);
    }
    if (value instanceof ByteBuffer buffer) {
      return write(JavaTypes.bytesOf(buffer), depth);
    }
    ValueType<?> type = ValueTypes.get().ofValue(value);
    if (type != null) {
      return JSON.createObjectNode().put(type.label(), type.textOf(value));
    }
    if (value instanceof CharSequence text) {
      return write(text.toString(), depth);
    }
    if (value instanceof Enum<?> constant) {
      ObjectNode node = JSON.createObjectNode();
      node.putObject(ENUM)
          .put("class", constant.getDeclaringClass().getName())
          .put("name", constant.name());
      return node;
    }
    if (depth == MAX_DEPTH) {
      throw new UnkeptTypeException("values nested more than " + MAX_DEPTH + " levels deep");
    }
    return writeMany(value, depth + 1);
  }

  private static JsonNode writeMany(Object value, int depth) {
    ObjectNode node = JSON.createObjectNode();
    if (value.getClass().isArray()) {
      node.putObject(ARRAY)
          .put("of", ElementTypes.nameOf(value.getClass().getComponentType()))
          .set("items", items(ElementTypes.elementsOf(value), depth));
    } else if (value instanceof Collection<?> collection) {
      node.set(value instanceof Set ? SET : LIST, items(collection, depth));
    } else if (value instanceof Map<?, ?> map) {
      ArrayNode entries = node.putArray(MAP);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entries.addArray().add(write(entry.getKey(), depth)).add(write(entry.getValue(), depth));
      }
    } else {
      throw new UnkeptTypeException(value.getClass().getName());
    }
    return node;
  }

  private static ArrayNode items(Iterable<? extends @Nullable Object> values, int depth) {
    ArrayNode items = JSON.createArrayNode();
    for (Object value : values) {
      items.add(write(value, depth));
    }
    return items;
  }

  private static boolean isUtf8(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * Returns the value of a JSON that {@link #write} returned.
   *
   * @throws RuntimeException if the JSON is invalid
   */
  static @Nullable Object read(JsonNode node) {
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
      return readLabelled(field.getKey(), field.getValue());
    }
    throw new UnreadableValueException("neither a plain value nor one with a type");
  }

  private static @Nullable Object readLabelled(String label, JsonNode node) {
    return switch (label) {
      case ARRAY ->
          ElementTypes.array(
              node.required("of").stringValue(), readAll(elements(node.required("items"))));
      case LIST -> Collections.unmodifiableList(readAll(elements(node)));
      case SET -> new ListedSet<>(readAll(elements(node)));
      case MAP -> new ListedMap(elements(node).values().stream().map(ValueJson::entry).toList());
      case ENUM -> node.required("name").stringValue();
      case OTHER -> node.required("text").stringValue();
      default -> readTyped(label, node);
    };
  }

  private static Object readTyped(String label, JsonNode node) {
    ValueType<?> type = ValueTypes.get().ofLabel(label);
    if (type == null) {
      throw new UnreadableValueException("an unknown type");
    }
    return type.read().apply(node.stringValue());
  }

  private static Map.Entry<@Nullable Object, @Nullable Object> entry(JsonNode node) {
    return new java.util.AbstractMap.SimpleImmutableEntry<>(
        read(node.required(0)), read(node.required(1)));
  }

  private static List<@Nullable Object> readAll(ArrayNode nodes) {
    List<@Nullable Object> values = new ArrayList<>(nodes.size());
    for (JsonNode node : nodes) {
      values.add(read(node));
    }
    return values;
  }

  private static ArrayNode elements(JsonNode node) {
    if (node instanceof ArrayNode elements) {
      return elements;
    }
    throw new UnreadableValueException("something else than a list of values");
  }
}
