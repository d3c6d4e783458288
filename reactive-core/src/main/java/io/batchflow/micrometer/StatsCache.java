package io.batchflow.micrometer;

import io.batchflow.FlowView;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Caches the flow's statistics, so that all meters of one scrape read the same snapshot.
 * Thread-safe.
 */
final class StatsCache {

  /** The observed flow, and a callback for new names. */
  private record Subject(FlowView flow, Consumer<String> newName) {}

  private static final AtomicReferenceFieldUpdater<StatsCache, StatsSnapshot> LATEST =
      AtomicReferenceFieldUpdater.newUpdater(StatsCache.class, StatsSnapshot.class, "latest");

  private final BoundedTagValues names;
  private final long fresh;
  private volatile StatsSnapshot latest;
  private volatile @Nullable Subject subject;

  StatsCache(BoundedTagValues names, Duration freshness) {
    this.names = names;
    this.fresh = freshness.toNanos();
    this.latest = StatsSnapshot.empty(System.nanoTime() - fresh);
  }

  void lookAt(FlowView flow, Consumer<String> newName) {
    subject = new Subject(flow, newName);
    latest = StatsSnapshot.empty(System.nanoTime() - fresh);
  }

  String nameOf(Schema schema) {
    return names.of(schema.table());
  }

  /** Returns the current tag values of the flow's tables. */
  Set<String> names() {
    return look().tables().keySet();
  }

  TableCounts of(String name) {
    return look().of(name);
  }

  StatsSnapshot look() {
    StatsSnapshot seen = latest;
    Subject subject = this.subject;
    long now = System.nanoTime();
    if (subject == null || now - seen.takenAt() < fresh) {
      return seen;
    }
    FlowView flow = subject.flow;
    StatsSnapshot next = seen.next(flow.stats(), flow.health().status(), names, now);
    if (!LATEST.compareAndSet(this, seen, next)) {
      return latest; // another thread was faster
    }
    for (String name : next.tables().keySet()) {
      if (!seen.tables().containsKey(name)) {
        subject.newName.accept(name);
      }
    }
    return next;
  }
}
