package io.batchflow.kafka.connect;

import io.batchflow.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table as the database describes it. Names are matched exactly, or else without case if that is
 * unambiguous. Immutable.
 */
final class TargetTable {

  final Schema schema;

  /** The columns of the key, also of rows that are only inserted. */
  final List<String> key;

  /** Whether a null is stored; if not, it is left out. */
  final boolean storesNull;

  private final Map<String, Integer> positions = new HashMap<>();

  TargetTable(Schema schema, List<String> key, boolean storesNull) {
    this.schema = schema;
    this.key = key;
    this.storesNull = storesNull;
    List<String> columns = schema.columns();
    for (int i = 0; i < columns.size(); i++) {
      positions.merge(folded(columns.get(i)), i, (first, second) -> -1);
    }
    for (int i = 0; i < columns.size(); i++) {
      positions.put(columns.get(i), i);
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the position of a column.
   *
   * @throws UnknownColumnException if there is none
   */
  int position(String column) {
    int position = find(column);
    if (position < 0) {
      throw new UnknownColumnException(schema.table(), column);
    }
    return position;
  }

  boolean has(String column) {
    return find(column) >= 0;
  }

  private int find(String column) {
    Integer exact = positions.get(column);
    return exact != null ? exact : positions.getOrDefault(folded(column), -1);
  }
}
