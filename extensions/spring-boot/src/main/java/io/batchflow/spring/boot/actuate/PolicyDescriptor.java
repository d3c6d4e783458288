package io.batchflow.spring.boot.actuate;

import io.batchflow.BatchPolicy;
import io.batchflow.Ordering;
import io.batchflow.Overflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The policy of a table in an answer of the endpoint. Durations are in milliseconds. */
record PolicyDescriptor(
    int maxSize,
    long maxBytes,
    long maxDelayMillis,
    boolean lingerWhenIdle,
    @Nullable Ordering ordering,
    int concurrency,
    Overflow overflow,
    @Nullable Long deliveryTimeoutMillis,
    int maxPausedRows,
    double share,
    int reserved,
    boolean rowVerdicts,
    List<String> returning) {

  static PolicyDescriptor of(BatchPolicy policy) {
    Duration deliveryTimeout = policy.deliveryTimeout();
    return new PolicyDescriptor(
        policy.maxSize(),
        policy.maxBytes(),
        policy.maxDelay().toMillis(),
        policy.lingerWhenIdle(),
        policy.ordering(),
        policy.concurrency(),
        policy.overflow(),
        deliveryTimeout == null ? null : deliveryTimeout.toMillis(),
        policy.maxPausedRows(),
        policy.share(),
        policy.reserved(),
        policy.rowVerdicts(),
        policy.returning());
  }
}
