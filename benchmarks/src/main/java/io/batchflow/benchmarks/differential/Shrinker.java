package io.batchflow.benchmarks.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Shrinks a case that differs, as long as it still differs. */
final class Shrinker {

  private static final int MOST_TRIES = 250;

  /** Runs per try, as a difference may depend on the timing of batches. */
  private static final int RUNS = 2;

  private final Comparison comparison;
  private Difference smallest;
  private int tries;

  private Shrinker(Comparison comparison, Difference found) {
    this.comparison = comparison;
    this.smallest = found;
  }

  static Difference shrink(Comparison comparison, Difference found) {
    Shrinker shrinker = new Shrinker(comparison, found);
    int before;
    do {
      before = shrinker.size();
      shrinker.rows();
      shrinker.rest();
    } while (shrinker.size() < before && shrinker.tries < MOST_TRIES);
    return shrinker.smallest;
  }

  private int size() {
    TableCase table = smallest.table();
    return table.rows().size() + table.columns().size() + table.extras().size();
  }

  private boolean attempt(UnaryOperator<TableCase> smaller) {
    TableCase before = smallest.table();
    TableCase next = smaller.apply(before);
    for (int run = 0; run < RUNS && tries < MOST_TRIES && !next.equals(before); run++) {
      tries++;
      Optional<Difference> found = comparison.of(next);
      if (found.isPresent() && isSameKind(found.get())) {
        smallest = found.get();
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether it is the same kind of difference, and not a table that the database rejects.
   */
  private boolean isSameKind(Difference found) {
    return found.expected().isEmpty() == smallest.expected().isEmpty();
  }

  private void rows() {
    for (int length = smallest.table().rows().size() / 2; length > 0; length /= 2) {
      for (int from = 0; from < smallest.table().rows().size(); ) {
        int start = from;
        int count = length;
        if (!attempt(table -> table.withRows(without(table.rows(), start, count)))) {
          from += length;
        }
      }
    }
  }

  private static List<CaseRow> without(List<CaseRow> rows, int from, int length) {
    List<CaseRow> rest = new ArrayList<>(rows.subList(0, from));
    rest.addAll(rows.subList(Math.min(rows.size(), from + length), rows.size()));
    return rest;
  }

  private void rest() {
    for (Extra extra : smallest.table().extras()) {
      attempt(
          table ->
              table.withExtras(
                  table.extras().stream().filter(each -> !each.equals(extra)).toList()));
    }
    for (Column column : smallest.table().columns()) {
      if (isSpare(column.name()) && smallest.table().columns().size() > 1) {
        attempt(table -> table.without(column.name()));
      }
      if (!column.clauses().isEmpty()) {
        attempt(
            table ->
                table.withColumns(
                    table.columns().stream()
                        .map(each -> each.equals(column) ? each.plain() : each)
                        .toList()));
      }
    }
    attempt(table -> table.withWriting(table.writing().with(100, 1, false, true)));
    attempt(table -> with(table, table.writing().maxSize(), 1));
    attempt(table -> with(table, 100, table.writing().concurrency()));
    for (int row = 0; row < smallest.table().rows().size(); row++) {
      for (String column : smallest.table().written()) {
        int number = row;
        if (isSpare(column)) {
          attempt(table -> table.withRows(unset(table.rows(), number, column)));
        }
      }
    }
  }

  /** Returns whether a column can be removed. The mark is needed to tell rows apart. */
  private boolean isSpare(String column) {
    TableCase table = smallest.table();
    return !table.key().contains(column)
        && !column.equals(TableCase.PART)
        && (!column.equals(TableCase.MARK) || table.writing().ordersKeys());
  }

  private static TableCase with(TableCase table, int maxSize, int concurrency) {
    Writing writing = table.writing();
    return table.withWriting(
        writing.with(maxSize, concurrency, writing.verdicts(), writing.stream()));
  }

  private static List<CaseRow> unset(List<CaseRow> rows, int row, String column) {
    List<CaseRow> others = new ArrayList<>(rows);
    others.set(row, rows.get(row).without(column));
    return others;
  }
}
