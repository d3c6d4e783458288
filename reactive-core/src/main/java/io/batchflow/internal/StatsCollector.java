package io.batchflow.internal;

import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Slots;
import io.batchflow.internal.lane.Totals;
import io.batchflow.internal.submit.PausedRows;
import io.batchflow.internal.submit.Pauses;
import io.batchflow.internal.submit.Submitter;
import io.batchflow.internal.submit.WaitQueue;
import io.batchflow.internal.write.WritePath;
import io.batchflow.stats.FlowStats;
import io.batchflow.stats.TableStats;
import java.util.ArrayList;
import java.util.List;

/** Collects {@link FlowStats} from the parts of the engine. Thread-safe. */
final class StatsCollector {

  private final FlowConfig config;
  private final Submitter submitter;
  private final WaitQueue waiters;
  private final PausedRows held;
  private final Pauses pauses;
  private final Lanes lanes;
  private final Slots slots;
  private final WritePath path;

  StatsCollector(
      FlowConfig config,
      Submitter submitter,
      WaitQueue waiters,
      PausedRows held,
      Pauses pauses,
      Lanes lanes,
      Slots slots,
      WritePath path) {
    this.config = config;
    this.submitter = submitter;
    this.waiters = waiters;
    this.held = held;
    this.pauses = pauses;
    this.lanes = lanes;
    this.slots = slots;
    this.path = path;
  }

  /** Returns a snapshot of the statistics. */
  FlowStats snapshot() {
    long now = submitter.now();
    Totals totals = lanes.forgotten();
    List<TableStats> tables = new ArrayList<>();
    for (Lane lane : lanes.all()) {
      TableStats table = lane.stats(pauses.isPaused(lane.schema.table()), now);
      totals = totals.plus(table);
      tables.add(table);
    }
    return new FlowStats(
        totals.ledger(),
        config.maxPending,
        submitter.admission.waiters() + held.waiting(),
        waiters.longestWait(now),
        totals.queued(),
        totals.inFlight(),
        slots.taken(),
        config.concurrency,
        submitter.turnedAway.sum(),
        totals.batches(),
        totals.merged(),
        path.retries(),
        path.splits(),
        path.letters.kept.sum(),
        path.letters.lost.sum(),
        config.writer.connections(),
        totals.oldestAge(),
        List.copyOf(tables));
  }
}
