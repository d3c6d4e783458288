package io.batchflow.micrometer;

import io.batchflow.stats.FlowStats;
import io.batchflow.stats.Ledger;
import io.batchflow.stats.TableStats;
import java.time.Duration;
import java.util.function.LongBinaryOperator;

/** The statistics for one value of the tag {@code table}. */
record TableCounts(Ledger ledger, long merged, long queued, long inFlight, Duration oldestAge) {

  static final TableCounts NONE =
      new TableCounts(new Ledger(0, 0, 0, 0, 0, 0, 0), 0, 0, 0, Duration.ZERO);

  static TableCounts of(TableStats table) {
    return new TableCounts(
        table.ledger(), table.merged(), table.queued(), table.inFlight(), table.oldestAge());
  }

  static TableCounts of(FlowStats flow) {
    return new TableCounts(
        flow.ledger(), flow.merged(), flow.queued(), flow.inFlight(), flow.oldestAge());
  }

  /** Returns only the counts that never decrease. */
  TableCounts counts() {
    return new TableCounts(ledger, merged, 0, 0, Duration.ZERO);
  }

  TableCounts plus(TableCounts other) {
    Duration oldest = oldestAge.compareTo(other.oldestAge) > 0 ? oldestAge : other.oldestAge;
    return with(other, Long::sum, oldest);
  }

  /** Returns the difference to the named tables, with the given oldest age. */
  TableCounts without(TableCounts named, Duration oldest) {
    return with(named, (all, part) -> Math.max(0, all - part), oldest);
  }

  /**
   * Returns counts not below earlier ones, since the parts of a snapshot may differ by a moment.
   */
  TableCounts notBelow(TableCounts earlier) {
    TableCounts counts = with(earlier, Math::max, oldestAge);
    return new TableCounts(counts.ledger, counts.merged, queued, inFlight, oldestAge);
  }

  private TableCounts with(TableCounts other, LongBinaryOperator term, Duration oldest) {
    Ledger a = ledger;
    Ledger b = other.ledger;
    return new TableCounts(
        new Ledger(
            term.applyAsLong(a.admitted(), b.admitted()),
            term.applyAsLong(a.written(), b.written()),
            term.applyAsLong(a.rejected(), b.rejected()),
            term.applyAsLong(a.invalid(), b.invalid()),
            term.applyAsLong(a.unknown(), b.unknown()),
            term.applyAsLong(a.notSent(), b.notSent()),
            term.applyAsLong(a.withdrawn(), b.withdrawn())),
        term.applyAsLong(merged, other.merged),
        term.applyAsLong(queued, other.queued),
        term.applyAsLong(inFlight, other.inFlight),
        oldest);
  }
}
