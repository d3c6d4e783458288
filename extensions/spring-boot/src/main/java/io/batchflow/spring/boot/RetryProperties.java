package io.batchflow.spring.boot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.util.retry.RetryBackoffSpec;

/**
 * The options of retries.
 *
 * @param maxRetries Most retries of a batch.
 * @param minBackoff Wait before the first retry.
 * @param maxBackoff Longest wait before a retry.
 * @param jitter Share of the wait that is random, from 0 to 1.
 * @param budget Most retries of the flow in a period.
 * @param budgetPeriod Period of the budget.
 */
public record RetryProperties(
    @Nullable Integer maxRetries,
    @Nullable Duration minBackoff,
    @Nullable Duration maxBackoff,
    @Nullable Double jitter,
    @Nullable Integer budget,
    @Nullable Duration budgetPeriod) {

  RetryBackoffSpec applyTo(RetryBackoffSpec retry) {
    RetryBackoffSpec spec = retry;
    if (maxRetries != null) {
      spec = spec.maxAttempts(maxRetries);
    }
    if (minBackoff != null) {
      spec = spec.minBackoff(minBackoff);
    }
    if (maxBackoff != null) {
      spec = spec.maxBackoff(maxBackoff);
    }
    return jitter == null ? spec : spec.jitter(jitter);
  }
}
