package io.batchflow.quota;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The clock and the timers of quotas: those of the scheduler, as virtual time requires. */
final class QuotaTime implements TimeMeter {

  private final Scheduler scheduler;

  /** The wall clock may be set back, and quotas would stand still. */
  private final boolean wall;

  QuotaTime(@Nullable Scheduler scheduler) {
    this.scheduler = scheduler == null ? Schedulers.parallel() : scheduler;
    long apart = this.scheduler.now(TimeUnit.MILLISECONDS) - System.currentTimeMillis();
    this.wall = Math.abs(apart) < TimeUnit.HOURS.toMillis(1);
  }

  @Override
  public long currentTimeNanos() {
    return wall ? System.nanoTime() : scheduler.now(TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }

  Mono<Long> after(long nanos) {
    return Mono.delay(Duration.ofNanos(nanos), scheduler);
  }
}
