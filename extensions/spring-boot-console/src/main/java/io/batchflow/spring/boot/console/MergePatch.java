package io.batchflow.spring.boot.console;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The difference between two objects of JSON, in the form of RFC 7396. */
final class MergePatch {

  private MergePatch() {}

  /** Returns what changes one object into the other. A field that is gone is null in it. */
  static ObjectNode between(JsonNode before, JsonNode now) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : now.properties()) {
      JsonNode old = before.path(field.getKey());
      JsonNode value = field.getValue();
      if (!value.equals(old)) {
        patch.set(field.getKey(), value.isObject() && old.isObject() ? between(old, value) : value);
      }
    }
    for (String name : before.propertyNames()) {
      if (!now.has(name)) {
        patch.putNull(name);
      }
    }
    return patch;
  }
}
