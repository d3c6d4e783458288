package io.batchflow.internal.write;

import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.WriteResult;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.loop.EventLoop;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Tells the listeners how slices of batches ended, and ends their rows. For any thread. */
final class SliceEnds {

  /** Writes that were tried again in slices. */
  final LongAdder splits = new LongAdder();

  private final Listeners listeners;
  private final BackendHealth backend;
  private final EventLoop clock;

  SliceEnds(Listeners listeners, BackendHealth backend, EventLoop clock) {
    this.listeners = listeners;
    this.backend = backend;
    this.clock = clock;
  }

  /** Tells that a slice was written. Returns what its rows have in common. */
  WriteResult.Write written(BatchSlice slice, BatchResult result) {
    if (result.rejected().size() < slice.batch().size()) {
      blameRows(slice.delivery);
    }
    long now = clock.now();
    listeners.written(slice.batch(), result, slice.attempts, slice.took(now));
    return slice.write(now);
  }

  /** Some row was written, or rejected for its content: whatever else fails is a row's fault. */
  void blameRows(InFlightBatch delivery) {
    delivery.blameRows();
    AtomicInteger failedAlone = delivery.lane().failedAlone;
    if (failedAlone.get() > 0) {
      failedAlone.set(0);
    }
  }

  /** Tells that a slice failed and is about to be written in smaller ones. */
  void split(BatchSlice slice, WriteFailure failure) {
    slice.lasting |= failure.kind() == FailureKind.CONTENTION;
    splits.increment();
    listeners.split(slice.batch(), failure.reason());
  }

  /** Ends all rows of a slice that have no end. */
  void failed(BatchSlice slice, WriteFailure failure) {
    if (slice.unsent() == null) {
      return; // no row is without an end
    }
    boolean tables = failure.kind() == FailureKind.PERMANENT && !slice.delivery.rowsToBlame();
    if (tables) {
      backend.failed(slice.delivery.lane(), failure.kind(), failure.reason());
    }
    listeners.failed(
        slice.batch(), slice.errorOf(failure), slice.attempts, slice.took(clock.now()));
    for (int i = slice.from; i < slice.to; i++) {
      slice.end(i, failure);
    }
  }
}
