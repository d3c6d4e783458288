package io.batchflow.journal;

import io.batchflow.Schema;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Identifies the Schema of a row in the journal: a JSON text of everything that decides how the row
 * is written. Ids of earlier versions, which are less complete, can still be read.
 */
final class SchemaId {

  /** Escapes everything but ASCII, so that names are safe in messages too. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** Starts an id. No id of the first version starts in this way and has one line. */
  private static final String VERSION_2 = "{\"version\":2,";

  private SchemaId() {}

  static String of(Schema schema) {
    ObjectNode id = JSON.createObjectNode().put("version", 2);
    add(id, "table", schema.tablePath());
    add(id, "columns", schema.columns());
    id.put("onConflict", schema.onConflict().name());
    add(id, "conflictKey", schema.conflictKey());
    id.put("conflictWhere", schema.conflictWhere());
    id.put("conflictConstraint", schema.conflictConstraint());
    // Sorted, since their order has no meaning.
    add(id, "updateColumns", schema.updateColumns().stream().sorted().toList());
    add(id, "requiredColumns", schema.requiredColumns().stream().sorted().toList());
    if (schema.isUpdateOnly()) {
      id.put("onAbsent", schema.onAbsent().name()); // left out otherwise, as in older journals
    }
    return JSON.writeValueAsString(id);
  }

  private static void add(ObjectNode id, String field, List<String> names) {
    names.forEach(id.putArray(field)::add);
  }

  /**
   * Returns the known Schema with an id; null if there is none.
   *
   * @throws JournalException if the id is of the first version and fits more than one Schema
   */
  static @Nullable Schema find(String id, Collection<Schema> known) {
    boolean isFirst = !isVersion2(id);
    List<Schema> fitting =
        known.stream().filter(s -> id.equals(isFirst ? firstVersionOf(s) : of(s))).toList();
    if (isFirst && fitting.size() > 1) {
      throw new JournalException(
          "The journal holds rows for table '"
              + tableOf(id)
              + "' of an earlier version, which did not distinguish "
              + fitting.size()
              + " of the known Schemas",
          "Open it once with only the Schema that its rows were accepted with",
          null);
    }
    return fitting.isEmpty() ? null : fitting.get(0);
  }

  private static boolean isVersion2(String id) {
    return id.startsWith(VERSION_2) && id.indexOf('\n') < 0;
  }

  private static String firstVersionOf(Schema schema) {
    if (schema.isUpdateOnly()) {
      return ""; // that version had none
    }
    return String.join(
        "\n",
        List.of(
            String.join(".", schema.tablePath()),
            schema.onConflict().name(),
            String.join("\t", schema.conflictKey()),
            String.join("\t", schema.columns())));
  }

  /** Returns the table of an id, with control characters escaped. */
  static String tableOf(String id) {
    String quoted = JSON.writeValueAsString(isVersion2(id) ? tableIn(id) : id.split("\n", 2)[0]);
    return quoted.substring(1, quoted.length() - 1);
  }

  private static String tableIn(String id) {
    try {
      return JSON.readTree(id)
          .required("table")
          .valueStream()
          .map(JsonNode::stringValue)
          .collect(Collectors.joining("."));
    } catch (JacksonException broken) {
      throw JournalException.foreign("A Schema in the journal", null);
    }
  }
}
