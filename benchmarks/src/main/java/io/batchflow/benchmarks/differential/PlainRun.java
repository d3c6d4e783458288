package io.batchflow.benchmarks.differential;

import io.batchflow.ConflictStrategy;
import io.batchflow.RowVerdict;
import java.util.ArrayList;
import java.util.List;

/** Writes rows one by one with plain statements, in the given order. */
final class PlainRun {

  private final Backend backend;
  private final TableCase table;
  private long count;

  PlainRun(Backend backend, TableCase table) {
    this.backend = backend;
    this.table = table;
  }

  /** Writes all rows in the order of their submission. */
  List<End> all() {
    List<End> ends = new ArrayList<>();
    for (CaseRow row : table.rows()) {
      ends.add(write(row));
    }
    return ends;
  }

  /** Writes a row. Returns its verdict too, if the case asks for verdicts. */
  End write(CaseRow row) {
    for (String column : table.key()) {
      if (!row.sets(column)) {
        return End.rejected("the key is unset");
      }
    }
    if (row.values().isEmpty()) {
      return End.rejected("no column is set");
    }
    try {
      backend.plain().write(backend.plainSite(), table, row);
    } catch (Rejection rejected) {
      return End.rejected(rejected.why());
    }
    return End.written(table.writing().verdicts() ? verdict() : null);
  }

  private RowVerdict verdict() {
    long before = count;
    count = Plain.count(backend.plainSite());
    if (count > before) {
      return RowVerdict.INSERTED;
    }
    return table.writing().strategy() == ConflictStrategy.IGNORE
        ? RowVerdict.IGNORED
        : RowVerdict.UPDATED;
  }

  /** Forgets a row that was rolled back. */
  void recount() {
    if (table.writing().verdicts()) {
      count = Plain.count(backend.plainSite());
    }
  }
}
