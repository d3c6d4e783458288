package io.batchflow.quota;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * The rows or the bytes that a name may still submit. May be overdrawn: then nobody gets any until
 * the debt is paid. Thread-safe.
 */
final class Tokens {

  /** The wait for tokens that never come. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long NANOS = Duration.ofSeconds(1).toNanos();

  private final Bucket bucket;
  private final long capacity;

  Tokens(long perSecond, Duration burst, TimeMeter time) {
    this.capacity = Math.max(1, Math.round((double) perSecond * burst.toNanos() / NANOS));
    this.bucket =
        Bucket.builder()
            .addLimit(
                limit -> limit.capacity(capacity).refillGreedy(perSecond, Duration.ofSeconds(1)))
            .withCustomTimePrecision(time)
            .build();
  }

  /** Returns for how many nanoseconds somebody who came now would wait. */
  long waitFor(long amount) {
    return bucket.estimateAbilityToConsume(atMostAll(amount)).getNanosToWaitForRefill();
  }

  /**
   * Takes tokens, also those that are not there yet. More than there ever are at once come from a
   * full bucket, which is overdrawn.
   *
   * @return for how many nanoseconds the taker must wait
   */
  long take(long amount) {
    long wait = bucket.consumeIgnoringRateLimits(atMostAll(amount));
    if (wait != NEVER && amount > capacity) {
      bucket.consumeIgnoringRateLimits(amount - capacity);
    }
    return wait;
  }

  private long atMostAll(long amount) {
    return Math.min(amount, capacity);
  }

  void giveBack(long amount) {
    bucket.addTokens(amount);
  }

  boolean areAllThere() {
    return bucket.getAvailableTokens() >= capacity;
  }
}
