package io.batchflow.contract;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The expected content of the table {@code items} by the rules of {@link ConflictStrategy}, as a
 * plain list. The table has the five columns of the schema and the column {@code extra}, which the
 * schema does not know.
 */
public final class TableModel {

  public static final String DDL =
      "CREATE TABLE items (region VARCHAR(10), id BIGINT, name VARCHAR(40) DEFAULT 'none',"
          + " amount INTEGER DEFAULT 7, note VARCHAR(40), extra VARCHAR(10) DEFAULT 'fresh',"
          + " UNIQUE (region, id))";

  public static final List<String> COLUMNS = List.of("region", "id", "name", "amount", "note");

  private static final List<@Nullable Object> DEFAULTS =
      Collections.unmodifiableList(Arrays.asList(null, null, "none", 7L, null, "fresh"));

  private static final int EXTRA = 5;

  private final List<List<@Nullable Object>> rows = new ArrayList<>();
  private final Map<List<Object>, List<@Nullable Object>> byKey = new HashMap<>();

  /** Adds a row that exists before the batch, as {@link #insertOf} stores it. */
  void hold(String region, long id) {
    add(new ArrayList<>(Arrays.asList(region, id, "old", 1L, "old", "old")));
  }

  static String insertOf(String region, long id) {
    return "INSERT INTO items VALUES ('" + region + "', " + id + ", 'old', 1, 'old', 'old')";
  }

  /** Returns whether the table has a row of the same key. */
  boolean holds(Row row) {
    return conflicting(row) != null;
  }

  public void write(Row row) {
    List<@Nullable Object> known = conflicting(row);
    Schema schema = row.schema();
    if (row.isDelete()) {
      delete(known);
    } else if (known == null && schema.isUpdateOnly()) {
      return;
    } else if (known == null || schema.onConflict() == ConflictStrategy.FAIL) {
      List<@Nullable Object> added = new ArrayList<>(DEFAULTS);
      lay(row, added, COLUMNS);
      add(added);
    } else if (schema.onConflict() == ConflictStrategy.UPDATE) {
      lay(row, known, schema.updateColumns());
    } else if (schema.onConflict() == ConflictStrategy.REPLACE) {
      for (int i = 2; i <= EXTRA; i++) {
        known.set(i, DEFAULTS.get(i));
      }
      lay(row, known, COLUMNS);
    }
  }

  private void delete(@Nullable List<@Nullable Object> known) {
    if (known != null) {
      rows.removeIf(row -> row == known);
      byKey.values().remove(known);
    }
  }

  private static void lay(Row row, List<@Nullable Object> stored, List<String> columns) {
    for (String column : columns) {
      int position = COLUMNS.indexOf(column);
      if (row.isSet(position)) {
        stored.set(position, row.value(position));
      }
    }
  }

  private void add(List<@Nullable Object> row) {
    rows.add(row);
    Object region = row.get(0);
    Object id = row.get(1);
    if (region != null && id != null) {
      byKey.put(List.of(region, id), row);
    }
  }

  private @Nullable List<@Nullable Object> conflicting(Row row) {
    Object region = row.value("region");
    Object id = row.value("id");
    return region == null || id == null ? null : byKey.get(List.of(region, id));
  }

  public List<List<@Nullable Object>> rows() {
    return rows;
  }
}
