package io.batchflow.benchmarks.differential;

import io.batchflow.AbsentStrategy;
import io.batchflow.ConflictStrategy;
import io.batchflow.RowVerdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows one by one with plain statements, in the given order. */
final class PlainRun {

  private final Backend backend;
  private final TableCase table;
  private long count;

  PlainRun(Backend backend, TableCase table) {
    this.backend = backend;
    this.table = table;
    recount();
  }

  /** Creates the table of a case, with the rows that exist before. */
  static void prepare(Backend backend, Site site, TableCase table) {
    site.run(backend.plain().cleanUp(table));
    site.run(table.ddl());
    TableCase storing = table.withWriting(Writing.ofHeldRows());
    for (CaseRow row : table.held()) {
      try {
        backend.plain().write(site, storing, row);
      } catch (Rejection bad) {
        // then no row of its key exists
      }
    }
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
      RowVerdict known = send(backend.plain(), backend.plainSite(), row);
      return End.written(
          table.writing().verdicts() ? (known == null ? verdict() : counted(known)) : null);
    } catch (Rejection rejected) {
      return End.rejected(rejected.why());
    }
  }

  /** Returns the verdict if it does not depend on the number of rows, or null. */
  private @Nullable RowVerdict send(Plain plain, Site site, CaseRow row) throws Rejection {
    AbsentStrategy onAbsent = table.writing().onAbsent();
    if (!row.deletes() && onAbsent == AbsentStrategy.INSERT) {
      plain.write(site, table, row);
      return null;
    }
    for (String column : table.key()) {
      if (row.deletes() && row.value(column) == null) {
        throw new Rejection(0, "a null in the key of a delete");
      }
    }
    boolean held = plain.holds(site, table, row);
    if (row.deletes()) {
      plain.delete(site, table, row);
      return held ? RowVerdict.DELETED : RowVerdict.ABSENT;
    }
    // A value that cannot be sent is rejected, also where no row would take it.
    plain.update(site, table, row);
    if (!held && onAbsent == AbsentStrategy.REJECT) {
      throw new Rejection(0, "the row is absent");
    }
    return held ? RowVerdict.UPDATED : RowVerdict.ABSENT;
  }

  private RowVerdict counted(RowVerdict known) {
    recount();
    return known;
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
