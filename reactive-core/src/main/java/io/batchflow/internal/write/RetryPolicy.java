package io.batchflow.internal.write;

import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Slots;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * When a failed slice is sent again: after its backoff, within the budget of the flow, and with a
 * slot. Thread-safe.
 */
final class RetryPolicy {

  final LongAdder retries = new LongAdder();

  private final RetryBackoffSpec backoff;
  private final RetryBudget budget;
  private final Listeners listeners;
  private final Slots slots;

  RetryPolicy(FlowConfig config, RetryBudget budget, Listeners listeners, Slots slots) {
    this.backoff = config.retry.onRetryExhaustedThrow((spec, signal) -> signal.failure());
    this.budget = budget;
    this.listeners = listeners;
    this.slots = slots;
  }

  /**
   * Returns the retry of a slice.
   *
   * @param worthwhile whether a retry after a failure can help
   */
  Retry of(BatchSlice slice, Predicate<WriteFailure> worthwhile) {
    Scheduler scheduler = slice.inFlight.scheduler();
    return backoff
        .scheduler(scheduler)
        .filter(
            failure ->
                failure instanceof WriteFailure attempt
                    && worthwhile.test(attempt)
                    && backoff.errorFilter.test(attempt.reason()))
        .doBeforeRetry(
            signal -> {
              retries.increment();
              Throwable reason = ((WriteFailure) signal.failure()).reason();
              listeners.retry(slice.batch(), slice.attempts, reason);
              slots.yieldSlot(slice.inFlight);
            })
        .doBeforeRetryAsync(signal -> budget.take().publishOn(scheduler))
        .doAfterRetryAsync(signal -> slots.reacquire(slice.inFlight));
  }
}
