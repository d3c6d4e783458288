package io.batchflow.internal.write;

import io.batchflow.internal.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Signals when the time limit of a write is over. All writes of a flow share one timer, which stays
 * set when a write ends in time: to set one for each write would wake a thread each time.
 * Thread-safe.
 */
final class WriteTimeouts {

  private final long timeout;
  private final EventLoop clock;
  private final Scheduler scheduler;

  /** In the order of their deadlines, as all have the same timeout. */
  private final Set<Limit> limits = new LinkedHashSet<>();

  private boolean timerIsSet;

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

  private void add(Limit limit) {
    synchronized (limits) {
      limits.add(limit);
      if (timerIsSet) {
        return;
      }
      timerIsSet = true;
    }
    setTimer(timeout);
  }

  private void remove(Limit limit) {
    synchronized (limits) {
      limits.remove(limit);
    }
  }

  private void setTimer(long delay) {
    try {
      scheduler.schedule(this::look, delay, TimeUnit.NANOSECONDS);
    } catch (RuntimeException rejected) {
      synchronized (limits) {
        timerIsSet = false;
      }
      throw rejected;
    }
  }

  /** Ends the writes whose time is over, and sets the timer for the next one. */
  private void look() {
    List<Limit> over = new ArrayList<>();
    long next = -1;
    synchronized (limits) {
      long now = clock.now();
      Iterator<Limit> oldestFirst = limits.iterator();
      while (next < 0 && oldestFirst.hasNext()) {
        Limit limit = oldestFirst.next();
        if (limit.deadline - now > 0) {
          next = limit.deadline - now;
        } else {
          over.add(limit);
          oldestFirst.remove();
        }
      }
      timerIsSet = next >= 0;
    }
    if (next >= 0) {
      setTimer(next);
    }
    over.forEach(Limit::end);
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
