package io.batchflow.benchmarks.differential;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row: the columns that it sets, with their values, which may be null.
 *
 * @param deletes whether it deletes its key, and sets nothing else
 */
record CaseRow(Map<String, @Nullable Object> values, boolean deletes) {

  CaseRow {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Creates a row that is stored. */
  CaseRow(Map<String, @Nullable Object> values) {
    this(values, false);
  }

  boolean sets(String column) {
    return values.containsKey(column);
  }

  @Nullable Object value(String column) {
    return values.get(column);
  }

  CaseRow without(String column) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(values);
    rest.remove(column);
    return new CaseRow(rest, deletes);
  }

  CaseRow with(String column, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(values);
    more.put(column, value);
    return new CaseRow(more, deletes);
  }
}
