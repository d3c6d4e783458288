package io.batchflow.kafka.connect;

import io.batchflow.Schema;
import java.util.List;
import java.util.Map;

/**
 * A table as it is spelled in statements that change it.
 *
 * @param path its real name, which may differ in case, with its qualifiers
 * @param limits what its columns take at most, by column, as far as that is known
 */
record RealTable(List<String> path, Map<String, ColumnLimit> limits) {

  /** A table that has the name of its schema. */
  static RealTable of(Schema schema) {
    return new RealTable(schema.tablePath(), Map.of());
  }
}
