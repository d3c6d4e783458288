package io.batchflow.internal.write;

import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.WriteResult;
import io.batchflow.internal.lane.Delivery;
import io.batchflow.internal.loop.Loop;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Tells the listeners how parts of batches ended, and ends their rows. For any thread. */
final class PartEnds {

  /** Writes that were tried again in parts. */
  final LongAdder splits = new LongAdder();

  private final Listeners listeners;
  private final BackendHealth backend;
  private final Loop clock;

  PartEnds(Listeners listeners, BackendHealth backend, Loop clock) {
    this.listeners = listeners;
    this.backend = backend;
    this.clock = clock;
  }

  /** Tells that a part was written. Returns what its rows have in common. */
  WriteResult.Write written(Part part, BatchResult result) {
    if (result.refused().size() < part.batch().size()) {
      blameRows(part.delivery);
    }
    long now = clock.now();
    listeners.written(part.batch(), result, part.attempts, part.took(now));
    return part.write(now);
  }

  /** Some row was written, or refused for its content: whatever else fails is a row's fault. */
  void blameRows(Delivery delivery) {
    delivery.blameRows();
    AtomicInteger failedAlone = delivery.lane().failedAlone;
    if (failedAlone.get() > 0) {
      failedAlone.set(0);
    }
  }

  /** Tells that a part failed and is about to be written in smaller ones. */
  void split(Part part, WriteFailure failure) {
    part.lasting |= failure.kind() == FailureKind.CONTENTION;
    splits.increment();
    listeners.split(part.batch(), failure.reason());
  }

  /** Ends all rows of a part that have no end. */
  void failed(Part part, WriteFailure failure) {
    if (part.unsent() == null) {
      return; // no row is without an end
    }
    boolean tables = failure.kind() == FailureKind.PERMANENT && !part.delivery.rowsToBlame();
    if (tables) {
      backend.failed(part.delivery.lane(), failure.kind(), failure.reason());
    }
    listeners.failed(part.batch(), part.errorOf(failure), part.attempts, part.took(clock.now()));
    for (int i = part.from; i < part.to; i++) {
      part.end(i, failure);
    }
  }
}
