package io.batchflow.internal.lane;

import io.batchflow.stats.Ledger;
import io.batchflow.stats.TableStats;
import java.time.Duration;

/** The sum of the counters of several tables. */
public record Totals(
    Ledger ledger, long queued, long inFlight, long batches, long merged, Duration oldestAge) {

  static final Totals NONE = new Totals(new Ledger(0, 0, 0, 0, 0, 0, 0), 0, 0, 0, 0, Duration.ZERO);

  public Totals plus(TableStats table) {
    Ledger a = ledger;
    Ledger b = table.ledger();
    return new Totals(
        new Ledger(
            a.admitted() + b.admitted(),
            a.written() + b.written(),
            a.rejected() + b.rejected(),
            a.invalid() + b.invalid(),
            a.unknown() + b.unknown(),
            a.notSent() + b.notSent(),
            a.withdrawn() + b.withdrawn()),
        queued + table.queued(),
        inFlight + table.inFlight(),
        batches + table.batches(),
        merged + table.merged(),
        oldestAge.compareTo(table.oldestAge()) > 0 ? oldestAge : table.oldestAge());
  }
}
