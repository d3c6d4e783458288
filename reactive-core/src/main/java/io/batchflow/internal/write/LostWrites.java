package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.Safely;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Handles writes whose result was lost. Such a write may be applied later and overwrite newer rows
 * of its keys. The writer is asked to prevent that before the rows are sent again, and before the
 * batch ends and newer rows of its keys may be sent.
 */
final class LostWrites {

  /** An attempt without a result, and its failure. */
  record LostWrite(Batch batch, WriteFailure failure) {

    /** Whether the writer ended it. Otherwise the flow cancelled it. */
    boolean endedByItself() {
      return !(failure.reason() instanceof NoResultException);
    }
  }

  private final BatchWriter writer;
  private final Duration patience;
  private final FlowLog log;
  private final EventLoop clock;

  LostWrites(FlowConfig config, EventLoop clock, FlowLog log) {
    this.writer = config.writer;
    this.patience = config.writeGrace;
    this.log = log;
    this.clock = clock;
  }

  /** Remembers that the last attempt may still be applied, if that could do harm. */
  void add(BatchSlice slice, WriteFailure failure) {
    boolean repeatable = isRepeatable(slice);
    if (rows(slice.batch()).anyMatch(row -> overwrites(row.schema().onConflict(), repeatable))) {
      slice.lost = new LostWrite(slice.batch(), failure);
    }
  }

  /** A write that may be applied later is not repeated, since it would overwrite the repeat. */
  boolean isRepeatable(BatchSlice slice) {
    return !slice.mayBeAppliedLater && isRepeatable(slice.batch());
  }

  private boolean isRepeatable(Batch batch) {
    try {
      return writer.isRepeatable(batch);
    } catch (Throwable thrown) {
      Safely.drop(thrown);
      return false;
    }
  }

  /** Returns rows of all schemas of a batch. */
  private static Stream<Row> rows(Batch batch) {
    return batch.schema().equals(Unit.SCHEMA)
        ? batch.rows().stream().flatMap(unit -> Unit.rows(unit).stream())
        : batch.rows().stream().limit(1);
  }

  /**
   * Ends the units that must not be sent again after an attempt whose result was lost, if others
   * may be. Each unit counts for itself, since the units of a batch have nothing in common.
   */
  void endUnrepeatable(BatchSlice slice, WriteFailure failure) {
    Batch batch = slice.batch();
    boolean some =
        failure.kind() == FailureKind.UNKNOWN
            && !slice.mayBeAppliedLater
            && batch.schema().equals(Unit.SCHEMA);
    if (some && !isRepeatable(batch)) {
      BitSet repeatable = new BitSet();
      for (int i = 0; i < batch.size(); i++) {
        repeatable.set(i, isRepeatable(new Batch(Unit.SCHEMA, List.of(batch.rows().get(i)))));
      }
      if (!repeatable.isEmpty()) {
        slice.endAllBut(repeatable, failure);
      }
    }
  }

  /** A late IGNORE is harmless, and so is a late FAIL if a key prevents a repeat. */
  private static boolean overwrites(ConflictStrategy strategy, boolean repeatable) {
    return switch (strategy) {
      case UPDATE, REPLACE -> true;
      case FAIL -> repeatable;
      case IGNORE -> false;
    };
  }

  /** Completes once the lost attempt is over; fails with its failure while that is not known. */
  Mono<Void> settle(BatchSlice slice) {
    LostWrite lost = slice.lost;
    if (lost == null) {
      return Mono.empty();
    }
    Scheduler scheduler = slice.inFlight.scheduler();
    return GuardedMono.guarded(() -> writer.abandon(lost.batch()))
        .timeout(patience, scheduler)
        .publishOn(scheduler)
        .onErrorMap(notKnownYet -> lost.failure())
        .defaultIfEmpty(lost.endedByItself())
        .flatMap(over -> over ? settled(slice) : neverKnown(slice, lost));
  }

  private static Mono<Void> settled(BatchSlice slice) {
    slice.lost = null;
    return Mono.empty();
  }

  private Mono<Void> neverKnown(BatchSlice slice, LostWrite lost) {
    slice.mayBeAppliedLater = true;
    end(slice);
    return Mono.error(lost.failure());
  }

  /** Called when the slice's rows are not sent again. */
  void end(BatchSlice slice) {
    if (slice.lost != null) {
      slice.lost = null;
      Lane lane = slice.inFlight.lane();
      lane.lateWrites.add(clock.now());
      log.lateWrite(lane.schema);
    }
  }
}
