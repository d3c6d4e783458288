package io.batchflow.benchmarks.differential;

import io.batchflow.ConflictStrategy;
import io.batchflow.OutcomeStatus;
import io.batchflow.RowVerdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Searches for an order of the same rows that has the result of the flow. The order is free between
 * rows of different keys, and under FAIL and IGNORE between all rows.
 *
 * <p>Rows are written one by one in a transaction. A row that does not end as in the flow is undone
 * and tried again after other rows. Merged rows are exceptions: a row that the flow merged with a
 * later row of its key (UPDATE, REPLACE) or with an earlier one (IGNORE) is not sent, so it is
 * never rejected.
 *
 * <p>An attempt takes the first row that fits and never takes it back, so it may miss an order that
 * exists. Every other attempt merges a row as soon as it does not fit alone. Further attempts try
 * the rows in a random order, and merge some rows at once.
 */
final class SerialOrder {

  private static final int ATTEMPTS = 40;

  /** Attempts in the order of submission. */
  private static final int IN_ORDER = 2;

  private final Backend backend;
  private final TableCase table;
  private final List<End> ends;
  private final List<String> contents;
  private final List<CaseRow> rows = new ArrayList<>();
  private final Set<Integer> pending = new TreeSet<>();
  private final Set<Integer> written = new HashSet<>();
  private final Set<Integer> mergedAtOnce = new HashSet<>();
  private @Nullable List<Integer> classes;
  private boolean mergesEarly;

  /**
   * Begins a search.
   *
   * @param ends the ends of the flow's rows
   * @param contents the content of its table
   */
  SerialOrder(Backend backend, TableCase table, List<End> ends, List<String> contents) {
    this.backend = backend;
    this.table = table;
    this.ends = ends;
    this.contents = contents;
    rows.addAll(table.rows());
  }

  /** Returns whether there is such an order. */
  boolean exists() {
    if (table.key().isEmpty() || table.writing().strategy() == ConflictStrategy.FAIL) {
      classes = IntStream.range(0, rows.size()).boxed().toList();
    } else {
      classes = KeyClasses.of(backend, table);
    }
    Comparator<Integer> rank = rank();
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
    Random random = new Random(table.seed());
    Site site = backend.plainSite();
    PlainRun.prepare(backend, site, table);
    site.begin();
    site.run(List.of("SAVEPOINT start"));
    boolean found = false;
    for (int attempt = 0; attempt < ATTEMPTS && !found; attempt++) {
      if (attempt > 0) {
        site.run(List.of("ROLLBACK TO SAVEPOINT start"));
      }
      if (attempt >= IN_ORDER) {
        Collections.shuffle(order, random);
      }
      if (attempt < IN_ORDER || attempt % 3 != 1) {
        order.sort(rank);
      }
      begin(attempt, random);
      found = writeAll(order) && backend.plain().contents(site, table).equals(contents);
    }
    site.commit();
    return found;
  }

  private void begin(int attempt, Random random) {
    rows.clear();
    rows.addAll(table.rows());
    written.clear();
    pending.clear();
    mergedAtOnce.clear();
    mergesEarly = attempt % 2 == 1;
    for (int row = 0; row < rows.size(); row++) {
      pending.add(row);
      if (attempt >= IN_ORDER && random.nextInt(ATTEMPTS) < attempt) {
        mergedAtOnce.add(row);
      }
    }
  }

  /** Rows that the flow's table holds come first, then others that were written. */
  private Comparator<Integer> rank() {
    Set<Integer> held = new HashSet<>();
    if (table.hasMark() && !table.writing().ordersKeys()) {
      backend
          .flowSite()
          .query("SELECT " + TableCase.MARK + " FROM " + TableCase.TABLE, 1)
          .forEach(row -> add(held, row.get(0)));
    }
    return Comparator.comparing(
        row -> held.contains(mark(row)) ? 0 : ends.get(row).isWritten() ? 1 : 2);
  }

  private int mark(int row) {
    return rows.get(row).value(TableCase.MARK) instanceof Integer mark ? mark : -1;
  }

  private static void add(Set<Integer> held, String mark) {
    if (!mark.equals("null")) {
      held.add(Integer.valueOf(mark));
    }
  }

  /** Starts again from the first row after each success, since it may have waited for that row. */
  private boolean writeAll(List<Integer> order) {
    PlainRun run = new PlainRun(backend, table);
    reject(run);
    while (!pending.isEmpty()) {
      if (writesOne(run, order, true) || writesOne(run, order, false)) {
        reject(run);
      } else if (order.stream().noneMatch(row -> pending.contains(row) && merges(run, row))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes the first row that fits.
   *
   * @param careful whether to pass over rows whose key a row that is still to be rejected needs:
   *     under IGNORE, a row is not rejected any more when its key exists
   */
  private boolean writesOne(PlainRun run, List<Integer> order, boolean careful) {
    return order.stream()
        .filter(row -> pending.contains(row) && isFree(row))
        .anyMatch(row -> !(careful && endsRejection(row)) && ends(run, row));
  }

  private boolean endsRejection(int row) {
    return table.writing().strategy() == ConflictStrategy.IGNORE
        && ends.get(row).isWritten()
        && ofKey(row).anyMatch(other -> pending.contains(other) && !ends.get(other).isWritten());
  }

  /**
   * Tries the rejected rows at every step, since a later row may remove the reason of a rejection.
   */
  private void reject(PlainRun run) {
    for (int row : List.copyOf(pending)) {
      if (!ends.get(row).isWritten()) {
        ends(run, row);
      }
    }
  }

  /** Returns whether a row may be next. A written row waits for the earlier ones of its key. */
  private boolean isFree(int row) {
    return !table.writing().ordersKeys()
        || !ends.get(row).isWritten()
        || sameKey(row).noneMatch(other -> other < row && pending.contains(other));
  }

  /** Returns the other rows of its key that were written. */
  private IntStream sameKey(int row) {
    return ofKey(row).filter(other -> ends.get(other).isWritten());
  }

  private IntStream ofKey(int row) {
    List<Integer> known = classes == null ? List.of() : classes;
    return IntStream.range(0, known.size())
        .filter(other -> other != row && known.get(other).equals(known.get(row)));
  }

  private boolean ends(PlainRun run, int row) {
    boolean merged = ends.get(row).verdict() == RowVerdict.MERGED;
    if (merged || mergedAtOnce.contains(row)) {
      boolean known = merges(run, row);
      if (merged || known) {
        return known;
      }
    }
    return writes(run, row) || (mergesEarly && merges(run, row));
  }

  private boolean writes(PlainRun run, int row) {
    Site site = backend.plainSite();
    site.run(List.of("SAVEPOINT a"));
    End end = run.write(rows.get(row));
    boolean same = ends.get(row).isTrueOf(end);
    if (!same || end.status() == OutcomeStatus.REJECTED) {
      site.run(List.of("ROLLBACK TO SAVEPOINT a"));
      run.recount();
    }
    if (same) {
      pending.remove(row);
      written.add(row);
    }
    return same;
  }

  /** Whether the flow may have merged the row. A row with its own effect was not merged. */
  private boolean mayBeMerged(int row) {
    RowVerdict verdict = ends.get(row).verdict();
    boolean apart =
        table.writing().verdicts()
            && (verdict == RowVerdict.INSERTED
                || verdict == RowVerdict.UPDATED
                || verdict == RowVerdict.DELETED
                || verdict == RowVerdict.ABSENT);
    return ends.get(row).isWritten() && !apart;
  }

  /** Assumes that the row was merged with another row of its key, if there is one. */
  private boolean merges(PlainRun run, int row) {
    if (!mayBeMerged(row) || !isFree(row)) {
      return false;
    }
    ConflictStrategy strategy = table.writing().strategy();
    return switch (strategy) {
      case FAIL -> false;
      case IGNORE -> sameKey(row).anyMatch(written::contains) && pending.remove(row);
      case UPDATE -> (foldIntoNext(row) && pending.remove(row)) || writesWithLast(run, row);
      case REPLACE -> foldIntoNext(row) && pending.remove(row);
    };
  }

  private int next(int row) {
    return sameKey(row)
        .filter(other -> other > row && pending.contains(other))
        .findFirst()
        .orElse(-1);
  }

  /** A delete takes the place of the rows before it. What comes after it is not merged with it. */
  private boolean foldIntoNext(int row) {
    int next = next(row);
    boolean folds = next >= 0 && (rows.get(next).deletes() || !rows.get(row).deletes());
    if (folds) {
      rows.set(next, folded(rows.get(row), rows.get(next)));
    }
    return folds;
  }

  /** Merges the row with the one before it and writes the merged row. */
  private boolean writesWithLast(PlainRun run, int row) {
    int last = sameKey(row).filter(written::contains).max().orElse(-1);
    if (last < 0 || rows.get(last).deletes() || rows.get(row).deletes()) {
      return false;
    }
    CaseRow alone = rows.get(row);
    rows.set(row, folded(rows.get(last), alone));
    boolean same = writes(run, row);
    if (!same) {
      rows.set(row, alone);
    }
    return same;
  }

  /**
   * Merges two rows. Columns that the later row does not update keep the values of the earlier row.
   */
  private CaseRow folded(CaseRow first, CaseRow second) {
    if (second.deletes() || table.writing().strategy() == ConflictStrategy.REPLACE) {
      return second;
    }
    List<String> updates = table.writing().updateColumns();
    CaseRow folded = first;
    for (String column : second.values().keySet()) {
      boolean updated =
          !table.key().contains(column) && (updates.isEmpty() || updates.contains(column));
      if (updated) {
        folded = folded.with(column, second.value(column));
      }
    }
    return folded;
  }
}
