package io.batchflow.kafka.connect;

import io.batchflow.Schema;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Values;
import org.jspecify.annotations.Nullable;

/**
 * A table as the database describes it. Names are matched exactly, or else without case if that is
 * unambiguous. Immutable.
 */
final class TargetTable {

  final Schema schema;

  /** The columns of the key, also of rows that are only inserted. */
  final List<String> key;

  /** The real name, with qualifiers. */
  final List<String> path;

  /** Whether a null is stored; if not, it is left out. */
  final boolean storesNull;

  private final Map<String, Integer> positions = new HashMap<>();

  private final @Nullable ColumnLimit[] limits;

  TargetTable(Schema schema, List<String> key, boolean storesNull, RealTable real) {
    this.schema = schema;
    this.key = key;
    this.storesNull = storesNull;
    this.path = real.path();
    List<String> columns = schema.columns();
    this.limits = new ColumnLimit[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      positions.merge(folded(columns.get(i)), i, (first, second) -> -1);
    }
    for (int i = 0; i < columns.size(); i++) {
      positions.put(columns.get(i), i);
      limits[i] = real.limits().get(columns.get(i));
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

  /** Returns what a column takes at most; null if that is not known. */
  @Nullable ColumnLimit limit(int position) {
    return limits[position];
  }

  /**
   * Checks the size of a value.
   *
   * @param field the schema of the value; null if it has none
   * @throws NarrowColumnException if the column does not take it
   */
  void check(
      int position, org.apache.kafka.connect.data.@Nullable Schema field, @Nullable Object value) {
    ColumnLimit limit = limits[position];
    if (limit != null && value != null && !limit.takes(value)) {
      throw new NarrowColumnException(
          schema.table(),
          schema.columns().get(position),
          limit,
          field != null ? field : inferred(value),
          value);
    }
  }

  private static org.apache.kafka.connect.data.Schema inferred(Object value) {
    if (value instanceof BigDecimal decimal) {
      return Decimal.schema(decimal.scale());
    }
    return Objects.requireNonNullElse(
        Values.inferSchema(value), org.apache.kafka.connect.data.Schema.STRING_SCHEMA);
  }

  boolean has(String column) {
    return find(column) >= 0;
  }

  private int find(String column) {
    Integer exact = positions.get(column);
    return exact != null ? exact : positions.getOrDefault(folded(column), -1);
  }
}
