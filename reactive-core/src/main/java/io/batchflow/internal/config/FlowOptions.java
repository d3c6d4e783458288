package io.batchflow.internal.config;

import io.batchflow.BatchListener;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.RejectedRow;
import io.batchflow.Schema;
import io.batchflow.health.HealthPolicy;
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

/** The options that a flow's builder collects, each checked on its own. */
public final class FlowOptions {

  final BatchWriter writer;
  public BatchPolicy defaultPolicy = BatchPolicy.defaults();
  public final Map<Schema, BatchPolicy> policies = new LinkedHashMap<>();
  public final Map<String, BatchPolicy> tablePolicies = new LinkedHashMap<>();
  public @Nullable Integer concurrency;
  public int maxPending = 20_000;
  public long maxPendingBytes = 32L << 20;
  public int maxWaiters = 10_000;
  public Duration maxWait = Duration.ofSeconds(30);
  public Duration closeTimeout = Duration.ofSeconds(30);
  public Duration writeTimeout = Duration.ofMinutes(1);
  public Duration writeGrace = Duration.ofSeconds(5);
  public RetryBackoffSpec retry =
      Retry.backoff(3, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(5));
  public int retriesPerPeriod = 100;
  public Duration retryPeriod = Duration.ofSeconds(1);
  public HealthPolicy healthPolicy = HealthPolicy.defaults();
  public @Nullable FailureClassifier failureClassifier;
  public @Nullable Function<RejectedRow, ? extends Publisher<Void>> deadLetter;
  public final List<BatchListener> listeners = new ArrayList<>();
  public @Nullable Scheduler scheduler;

  public FlowOptions(BatchWriter writer) {
    this.writer = writer;
  }
}
