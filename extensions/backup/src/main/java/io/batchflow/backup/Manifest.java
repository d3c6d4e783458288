package io.batchflow.backup;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a directory holds. Immutable.
 *
 * @param id tells this backup from others
 * @param table the name that the caller gave
 * @param database the product
 * @param columns the names of the columns
 * @param parts those that are complete, in the order of the key
 * @param complete whether there are no more
 */
record Manifest(
    String id,
    String table,
    String database,
    List<String> columns,
    List<Part> parts,
    boolean complete) {

  private static final int VERSION = 1;

  /**
   * A file.
   *
   * @param sha256 the hash of its lines before they are compressed
   * @param lastKey the key of its last row, as texts
   */
  record Part(String file, long rows, String sha256, List<String> lastKey) {}

  Manifest with(Part part, boolean last) {
    List<Part> more = new ArrayList<>(parts);
    more.add(part);
    return new Manifest(id, table, database, columns, List.copyOf(more), last);
  }

  Manifest completed() {
    return new Manifest(id, table, database, columns, parts, true);
  }

  long rows() {
    return parts.stream().mapToLong(Part::rows).sum();
  }

  String json() {
    ObjectNode root = Lines.JSON.createObjectNode();
    root.put("version", VERSION).put("id", id).put("table", table).put("database", database);
    root.put("complete", complete).put("rows", rows());
    ArrayNode names = root.putArray("columns");
    columns.forEach(names::add);
    ArrayNode all = root.putArray("parts");
    for (Part part : parts) {
      ObjectNode node = all.addObject();
      node.put("file", part.file()).put("rows", part.rows()).put("sha256", part.sha256());
      ArrayNode key = node.putArray("lastKey");
      part.lastKey().forEach(key::add);
    }
    return root.toPrettyString();
  }

  /** Throws {@link BackupException} if this was not written by {@link #json}. */
  static Manifest parse(String json) {
    try {
      JsonNode root = Lines.JSON.readTree(json);
      if (root.required("version").intValue() != VERSION) {
        throw new BackupException(
            "The manifest is of another version", "Use the version of the library that wrote it");
      }
      List<Part> parts = new ArrayList<>();
      for (JsonNode part : root.required("parts").values()) {
        parts.add(
            new Part(
                part.required("file").stringValue(),
                part.required("rows").longValue(),
                part.required("sha256").stringValue(),
                texts(part.required("lastKey"))));
      }
      return new Manifest(
          root.required("id").stringValue(),
          root.required("table").stringValue(),
          root.required("database").stringValue(),
          texts(root.required("columns")),
          List.copyOf(parts),
          root.required("complete").booleanValue());
    } catch (JacksonException broken) {
      throw new BackupException("The manifest is damaged", "Write the backup again");
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.values().stream().map(JsonNode::stringValue).toList();
  }
}
