package io.batchflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sum of several tables' accounts. */
record Totals(
    Ledger ledger, long queued, long inFlight, long batches, long merged, Duration oldestAge) {

  static final Totals NONE = new Totals(new Ledger(0, 0, 0, 0, 0, 0), 0, 0, 0, 0, Duration.ZERO);

  /** What the flow is doing and has done; for any thread. */
  static FlowStats snapshot(Engine engine) {
    long now = engine.intake.now();
    Totals totals = engine.lanes.forgotten();
    List<TableStats> tables = new ArrayList<>();
    for (Lane lane : engine.lanes.all()) {
      TableStats table = lane.stats(now);
      totals = totals.plus(table);
      tables.add(table);
    }
    return new FlowStats(
        totals.ledger,
        engine.settings.maxPending,
        engine.admission.waiters(),
        engine.waiters.longestWait(now),
        totals.queued,
        totals.inFlight,
        engine.slots.taken(),
        engine.settings.concurrency,
        engine.intake.turnedAway.sum(),
        totals.batches,
        totals.merged,
        engine.path.retries(),
        engine.path.splits.sum(),
        engine.path.letters.kept.sum(),
        engine.path.letters.lost.sum(),
        engine.settings.writer.connections(),
        totals.oldestAge,
        List.copyOf(tables));
  }

  Totals plus(TableStats table) {
    Ledger a = ledger;
    Ledger b = table.ledger();
    return new Totals(
        new Ledger(
            a.admitted() + b.admitted(),
            a.written() + b.written(),
            a.refused() + b.refused(),
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
