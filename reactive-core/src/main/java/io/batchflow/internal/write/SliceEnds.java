package io.batchflow.internal.write;

import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.WriteResult;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.loop.EventLoop;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Reports the results of slices to the listeners and ends their rows. Thread-safe. */
final class SliceEnds {

  /** Writes that were retried in slices. */
  final LongAdder splits = new LongAdder();

  private final Listeners listeners;
  private final BackendHealth backend;
  private final EventLoop clock;

  SliceEnds(Listeners listeners, BackendHealth backend, EventLoop clock) {
    this.listeners = listeners;
    this.backend = backend;
    this.clock = clock;
  }

  /** Reports a written slice. Returns the details that its rows share. */
  WriteResult.Write written(BatchSlice slice, BatchResult result) {
    if (result.rejected().size() < slice.batch().size()) {
      blameRows(slice.inFlight);
    }
    long now = clock.now();
    listeners.written(slice.batch(), result, slice.attempts, slice.took(now));
    return slice.write(now);
  }

  /**
   * A row was written or rejected for its content, so the table works: other failures are caused by
   * rows.
   */
  void blameRows(InFlightBatch inFlight) {
    inFlight.blameRows();
    AtomicInteger failedAlone = inFlight.lane().failedAlone;
    if (failedAlone.get() > 0) {
      failedAlone.set(0);
    }
  }

  /** Reports that a slice failed and will be split. */
  void split(BatchSlice slice, WriteFailure failure) {
    slice.lasting |= failure.kind() == FailureKind.CONTENTION;
    splits.increment();
    listeners.split(slice.batch(), failure.reason());
  }

  /** Ends all rows of a slice that have no outcome. */
  void failed(BatchSlice slice, WriteFailure failure) {
    if (slice.unsent() == null) {
      return; // all rows have ended
    }
    boolean tables = failure.kind() == FailureKind.PERMANENT && !slice.inFlight.rowsToBlame();
    if (tables) {
      backend.failed(slice.inFlight.lane(), failure.kind(), failure.reason());
    }
    listeners.failed(
        slice.batch(),
        SliceErrors.ofBatch(slice, failure),
        slice.attempts,
        slice.took(clock.now()));
    for (int i = slice.from; i < slice.to; i++) {
      slice.end(i, failure);
    }
  }
}
