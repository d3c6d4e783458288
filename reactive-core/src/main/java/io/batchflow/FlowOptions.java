package io.batchflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** A flow's options as its builder gathers them, each checked by itself. */
final class FlowOptions {

  final BatchWriter writer;
  BatchPolicy defaultPolicy = BatchPolicy.defaults();
  final Map<Schema, BatchPolicy> policies = new LinkedHashMap<>();
  @Nullable Integer concurrency;
  int maxPending = 20_000;
  long maxPendingBytes = 32L << 20;
  int maxWaiters = 10_000;
  Duration maxWait = Duration.ofSeconds(30);
  Duration closeTimeout = Duration.ofSeconds(30);
  Duration writeTimeout = Duration.ofMinutes(1);
  Duration writeGrace = Duration.ofSeconds(5);
  RetryBackoffSpec retry =
      Retry.backoff(3, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(5));
  int retriesPerPeriod = 100;
  Duration retryPeriod = Duration.ofSeconds(1);
  HealthPolicy healthPolicy = HealthPolicy.defaults();
  @Nullable FailureClassifier failureClassifier;
  @Nullable Function<RefusedRequest, ? extends Publisher<Void>> deadLetter;
  final List<BatchListener> listeners = new ArrayList<>();
  @Nullable Scheduler scheduler;

  FlowOptions(BatchWriter writer) {
    this.writer = writer;
  }
}
