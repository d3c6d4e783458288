package io.batchflow.internal.write;

import io.batchflow.internal.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Signals when the time limit of a write is over. All writes of a flow share one timer, which stays
 * set when a write ends in time: a timer for each write would wake a thread each time. Thread-safe.
 */
final class WriteTimeouts {

  private final long timeout;
  private final EventLoop clock;
  private final Scheduler scheduler;

  /** In the order of their deadlines, as all have the same timeout. */
  private final Set<Limit> limits = new LinkedHashSet<>();

  /** The timer that is set; null if there is none. */
  private Disposable.@Nullable Swap timer;

  private boolean closed;

  WriteTimeouts(Duration timeout, EventLoop clock, Scheduler scheduler) {
    this.timeout = timeout.toNanos();
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /**
   * Completes when the time limit of a write that begins with the subscription is over.
   *
   * @param scheduler where it completes
   */
  Mono<Void> timeout(Scheduler scheduler) {
    return Mono.create(
        sink -> {
          Limit limit = new Limit(clock.now() + timeout, sink, scheduler);
          sink.onDispose(() -> remove(limit));
          add(limit);
        });
  }

  /** Ends the timer as soon as no write is in flight. */
  void close() {
    synchronized (limits) {
      closed = true;
    }
    endUnused();
  }

  private void add(Limit limit) {
    Disposable.Swap first;
    synchronized (limits) {
      limits.add(limit);
      if (timer != null) {
        return;
      }
      first = Disposables.swap();
      timer = first;
    }
    set(first, timeout);
  }

  private void remove(Limit limit) {
    synchronized (limits) {
      limits.remove(limit);
    }
    endUnused();
  }

  private void endUnused() {
    Disposable unused;
    synchronized (limits) {
      if (!closed || !limits.isEmpty() || timer == null) {
        return;
      }
      unused = timer;
      timer = null;
    }
    unused.dispose();
  }

  private void set(Disposable.Swap timer, long delay) {
    try {
      timer.update(scheduler.schedule(this::look, delay, TimeUnit.NANOSECONDS));
    } catch (Throwable rejected) {
      synchronized (limits) {
        this.timer = null; // so that the next write tries again
      }
      throw rejected;
    }
  }

  /** Ends the writes whose time limit is over, and sets the timer for the next one. */
  private void look() {
    List<Limit> over = new ArrayList<>();
    Disposable.Swap following = null;
    long delay = 0;
    synchronized (limits) {
      long now = clock.now();
      Iterator<Limit> oldestFirst = limits.iterator();
      while (following == null && oldestFirst.hasNext()) {
        Limit limit = oldestFirst.next();
        delay = limit.deadline - now;
        if (delay > 0) {
          following = Disposables.swap();
        } else {
          over.add(limit);
          oldestFirst.remove();
        }
      }
      timer = following;
    }
    over.forEach(Limit::end);
    if (following != null) {
      set(following, delay);
    }
  }

  private static final class Limit {

    final long deadline;
    private final MonoSink<Void> sink;
    private final Scheduler scheduler;

    Limit(long deadline, MonoSink<Void> sink, Scheduler scheduler) {
      this.deadline = deadline;
      this.sink = sink;
      this.scheduler = scheduler;
    }

    void end() {
      scheduler.schedule(sink::success);
    }
  }
}
