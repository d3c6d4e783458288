package io.batchflow.sql.dialect;

import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a table compares conflict keys, by the types of the key columns. If only the database can
 * compare some of the columns, the others are compared.
 */
record SqlKeys(List<KeyColumn> columns) implements KeyEquality {

  /** The comparison of a column whose values a trigger may replace before they are stored. */
  static final String REWRITTEN = "rewritten";

  private static final Pattern LIMITS = Pattern.compile("\\((\\d+)(?:, ?(-?\\d+))?\\)");

  /**
   * A column of the key.
   *
   * @param position its position in the Schema
   * @param limit the most digits after the point, or characters, that the column keeps
   */
  record KeyColumn(int position, KeyForm form, int limit) {}

  SqlKeys {
    columns = List.copyOf(columns);
  }

  static KeyEquality of(SqlTable table, Function<SqlColumn, KeyForm> forms) {
    Schema schema = table.schema();
    if (schema.conflictKey().isEmpty()) {
      return KeyEquality.byBackend();
    }
    if (schema.conflictWhere() != null || rewritesKeys(table)) {
      return KeyEquality.unknown();
    }
    List<KeyColumn> columns = new ArrayList<>();
    for (String name : schema.conflictKey()) {
      int position = schema.position(name);
      SqlColumn column = table.column(position);
      KeyForm form = forms.apply(column);
      columns.add(new KeyColumn(position, form, limitOf(form, column.type())));
    }
    boolean none = columns.stream().allMatch(column -> column.form == KeyForm.BACKEND);
    return schema.conflictConstraint() != null || none
        ? KeyEquality.byBackend()
        : new SqlKeys(columns);
  }

  /** Returns whether a trigger may replace the keys of the rows before they are stored. */
  static boolean rewritesKeys(SqlTable table) {
    return table.conflictKey().stream().anyMatch(key -> key.comparison().equals(REWRITTEN));
  }

  private static int limitOf(KeyForm form, String type) {
    Matcher given = LIMITS.matcher(type);
    if (!given.find()) {
      return Integer.MAX_VALUE;
    }
    int limit = Integer.parseInt(given.group(1));
    if (form == KeyForm.TEXT) {
      return limit;
    }
    return given.group(2) == null ? 0 : Integer.parseInt(given.group(2));
  }

  @Override
  public @Nullable Object key(Row row) {
    if (columns.size() == 1) {
      KeyColumn column = columns.get(0);
      Object value = row.value(column.position);
      return value == null ? null : column.form.of(value, column.limit);
    }
    List<Object> key = new ArrayList<>(columns.size());
    boolean certain = true;
    for (KeyColumn column : columns) {
      Object value = row.value(column.position);
      if (value == null) {
        return null;
      }
      if (column.form != KeyForm.BACKEND) {
        Object part = column.form.of(value, column.limit);
        if (part == null) {
          return null;
        }
        certain &= part != UNCERTAIN;
        key.add(part);
      }
    }
    return certain ? key : UNCERTAIN;
  }

  @Override
  public boolean isExact() {
    return columns.stream().allMatch(column -> column.form.isExact());
  }
}
