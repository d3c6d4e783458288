package io.batchflow.internal.write;

import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Limits the retries of a flow in a period. Further retries wait, since failing a row because of
 * others would lose it.
 */
final class RetryBudget {

  private final long period;
  private final long interval;
  private final Scheduler scheduler;
  private final EventLoop clock;

  /** When the budget is full again. */
  private final AtomicLong wholeAt = new AtomicLong(Long.MIN_VALUE);

  RetryBudget(FlowConfig config, EventLoop clock) {
    this.period = config.retryPeriod.toNanos();
    this.interval = Math.max(1, period / config.retriesPerPeriod);
    this.scheduler = config.scheduler;
    this.clock = clock;
  }

  /** Completes when the next retry may start. */
  Mono<Void> take() {
    long now = clock.now();
    long whole = wholeAt.updateAndGet(before -> Math.max(before, now) + interval);
    long wait = whole - now - period;
    return wait <= 0 ? Mono.empty() : Mono.delay(Duration.ofNanos(wait), scheduler).then();
  }
}
