package io.batchflow.backup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Rows as lines of JSON: an object with the text of each column, or null. */
final class Lines {

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

  /** For half a character, which H2 keeps and UTF-8 has not. */
  private static final JsonMapper ASCII =
      JsonMapper.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .build();

  private Lines() {}

  /** Returns a line, with its end. */
  static String write(List<BackupColumn> columns, List<@Nullable String> values) {
    ObjectNode node = JSON.createObjectNode();
    for (int i = 0; i < columns.size(); i++) {
      node.put(columns.get(i).name(), values.get(i));
    }
    String line = JSON.writeValueAsString(node);
    boolean whole = StandardCharsets.UTF_8.newEncoder().canEncode(line);
    return (whole ? line : ASCII.writeValueAsString(node)) + "\n";
  }

  /** Returns the values of a line. */
  static List<@Nullable String> read(List<BackupColumn> columns, String line) {
    try {
      JsonNode node = JSON.readTree(line);
      List<@Nullable String> values = new ArrayList<>(columns.size());
      for (BackupColumn column : columns) {
        JsonNode value = node.required(column.name());
        values.add(value.isNull() ? null : value.stringValue());
      }
      return values;
    } catch (JacksonException broken) {
      throw new BackupException("A line is no row of the table", "Write the backup again");
    }
  }
}
