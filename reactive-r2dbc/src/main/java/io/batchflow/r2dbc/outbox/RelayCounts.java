package io.batchflow.r2dbc.outbox;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a relay has done. Thread-safe. */
final class RelayCounts {

  final LongAdder published = new LongAdder();
  final LongAdder deadLetters = new LongAdder();
  final LongAdder failures = new LongAdder();
  volatile int waitingKeys;
  private volatile @Nullable Throwable lastFailure;
  private final Consumer<? super Throwable> listener;

  RelayCounts(Consumer<? super Throwable> listener) {
    this.listener = listener;
  }

  void failed(Throwable failure) {
    failures.increment();
    lastFailure = failure;
    try {
      listener.accept(failure);
    } catch (RuntimeException fault) {
      failure.addSuppressed(fault);
    }
  }

  OutboxRelayStats stats(int shards) {
    return new OutboxRelayStats(
        shards, published.sum(), deadLetters.sum(), failures.sum(), waitingKeys, lastFailure);
  }
}
