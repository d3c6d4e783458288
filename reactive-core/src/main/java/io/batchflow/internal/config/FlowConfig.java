package io.batchflow.internal.config;

import io.batchflow.BatchListener;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.RejectedRow;
import io.batchflow.Schema;
import io.batchflow.health.HealthPolicy;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.SafeScheduler;
import io.batchflow.internal.loop.Safely;
import io.batchflow.internal.loop.SchedulerEventLoop;
import io.batchflow.internal.loop.ThreadEventLoop;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.RetryBackoffSpec;

/** The checked options of a flow. */
public final class FlowConfig {

  private static final int DEFAULT_CONCURRENCY = 4;
  private static final AtomicInteger FLOWS = new AtomicInteger();

  public final BatchWriter writer;
  public final FailureClassifier classifier;
  public final int concurrency;
  public final int maxPending;
  public final long maxPendingBytes;
  public final int maxWaiters;
  public final Duration maxWait;
  public final RetryBackoffSpec retry;
  public final int retriesPerPeriod;
  public final Duration retryPeriod;
  public final @Nullable Function<RejectedRow, ? extends Publisher<Void>> deadLetter;
  public final Duration writeTimeout;
  public final Duration writeGrace;
  public final Duration closeTimeout;
  public final HealthPolicy healthPolicy;
  public final List<BatchListener> listeners;

  /** Runs writes, outcomes and listeners. */
  public final SafeScheduler scheduler;

  public final TablePolicies policies;

  private final boolean loopOnScheduler;

  public FlowConfig(FlowOptions options) {
    this.writer = options.writer;
    Integer given = options.concurrency;
    this.concurrency =
        given == null ? Math.min(DEFAULT_CONCURRENCY, writer.maxConcurrency()) : given;
    this.maxPending = options.maxPending;
    this.maxPendingBytes = options.maxPendingBytes;
    this.maxWaiters = options.maxWaiters;
    this.maxWait = options.maxWait;
    this.retry = options.retry.filter(safely(options.retry.errorFilter));
    this.retriesPerPeriod = options.retriesPerPeriod;
    this.retryPeriod = options.retryPeriod;
    this.deadLetter = options.deadLetter;
    this.writeTimeout = options.writeTimeout;
    this.writeGrace = options.writeGrace;
    this.closeTimeout = options.closeTimeout;
    this.healthPolicy = options.healthPolicy;
    this.listeners = List.copyOf(options.listeners);
    this.policies =
        new TablePolicies(options.defaultPolicy, options.tablePolicies, options.policies);
    this.classifier =
        options.failureClassifier != null ? options.failureClassifier : writer.failureClassifier();
    Scheduler base = options.scheduler != null ? options.scheduler : Schedulers.parallel();
    this.scheduler = new SafeScheduler(base);
    this.loopOnScheduler = options.scheduler != null || !keepsWallTime(scheduler);
    checkCanWrite();
    ShareRules.checkUsual(options.defaultPolicy);
    policies.each(this::checkFits);
    ShareRules.checkTogether(policies.shares(), concurrency);
    BatchPolicy ofUnits = options.policies.get(Unit.SCHEMA);
    if (ofUnits != null) {
      checkPolicyOfUnits(ofUnits);
    }
    if (loopOnScheduler) {
      checkKeepsTime(base);
    }
  }

  /** A filter that throws allows no retry. */
  private static Predicate<Throwable> safely(Predicate<? super Throwable> filter) {
    return failure -> {
      try {
        return filter.test(failure);
      } catch (Throwable thrown) {
        Safely.drop(thrown);
        return false;
      }
    };
  }

  /**
   * Checks that the writer can write units.
   *
   * @param option what asks for them
   * @throws InvalidConfigurationException if it cannot
   */
  public void checkUnits(String option) {
    if (!writer.supportsUnits()) {
      throw new InvalidConfigurationException(
          option,
          "cannot be fulfilled, as the writer has no transactions across tables",
          "Use a writer whose supportsUnits returns true, as those of SQL do, or submit the rows one"
              + " by one");
    }
  }

  private void checkPolicyOfUnits(BatchPolicy policy) {
    checkUnits("policy(Unit.SCHEMA)");
    if (policy.rowVerdicts() || !policy.returning().isEmpty()) {
      throw new InvalidConfigurationException(
          policy.rowVerdicts() ? "rowVerdicts" : "returning",
          "of the policy of units cannot be fulfilled, as a unit has one outcome",
          "Remove the option");
    }
  }

  public BatchPolicy policyOf(Schema schema) {
    return policies.of(schema);
  }

  /**
   * Checks that the policy of a table can be replaced by another.
   *
   * @param seen the schemas of the table that the flow has seen
   * @throws InvalidConfigurationException if it cannot
   */
  public void checkChange(String table, Collection<Schema> seen, BatchPolicy policy) {
    checkFits(policy, TablePolicies.nameOf(table));
    policies.checkChange(table, seen, policy);
    if (policy.reserved() > 0) {
      ShareRules.checkTogether(policies.sharesWith(table, policy), concurrency);
    }
  }

  public EventLoop newLoop() {
    return loopOnScheduler
        ? new SchedulerEventLoop(scheduler)
        : new ThreadEventLoop("batchflow-" + FLOWS.incrementAndGet());
  }

  private void checkCanWrite() {
    if (concurrency > writer.maxConcurrency()) {
      throw new InvalidConfigurationException(
          "concurrency",
          "(" + concurrency + ") exceeds the writer's maximum (" + writer.maxConcurrency() + ")",
          "Batches would wait inside the writer: enlarge its pool or lower the concurrency");
    }
  }

  private void checkFits(BatchPolicy policy, String whose) {
    if (policy.maxSize() > maxPending) {
      throw new InvalidConfigurationException(
          "maxPending",
          "(" + maxPending + ") is smaller than maxSize (" + policy.maxSize() + ") of " + whose,
          "A full batch would never fit: raise maxPending or lower maxSize");
    }
    if (policy.maxBytes() > maxPendingBytes) {
      throw new InvalidConfigurationException(
          "maxPendingBytes",
          "("
              + maxPendingBytes
              + ") is smaller than maxBytes ("
              + policy.maxBytes()
              + ") of "
              + whose,
          "A full batch would never fit: raise maxPendingBytes or lower maxBytes");
    }
    ShareRules.checkFits(policy, whose, concurrency, maxPending);
    if (!policy.returning().isEmpty() && !writer.returnsValues()) {
      throw new InvalidConfigurationException(
          "returning",
          "(" + String.join(", ", policy.returning()) + ") of " + whose + " cannot be fulfilled",
          "Use a writer that knows stored values, as those of SQL do, or remove the option");
    }
    if (policy.concurrency() != Integer.MAX_VALUE && policy.concurrency() > concurrency) {
      throw new InvalidConfigurationException(
          "concurrency",
          "("
              + policy.concurrency()
              + ") of "
              + whose
              + " exceeds the flow's ("
              + concurrency
              + ")",
          "Raise the flow's concurrency or lower the policy's");
    }
  }

  /**
   * Returns whether the scheduler's clock is the system clock. Under {@code
   * StepVerifier.withVirtualTime} it is not, and then the whole flow must run on it.
   */
  private static boolean keepsWallTime(Scheduler scheduler) {
    long apart = scheduler.now(TimeUnit.MILLISECONDS) - System.currentTimeMillis();
    return Math.abs(apart) < TimeUnit.HOURS.toMillis(1);
  }

  private static void checkKeepsTime(Scheduler scheduler) {
    try {
      scheduler.schedule(() -> {}, 1, TimeUnit.DAYS).dispose();
    } catch (RejectedExecutionException incapable) {
      throw new InvalidConfigurationException(
          "scheduler",
          "(" + scheduler + ") cannot run delayed tasks, or is disposed",
          "Use a scheduler with timers, such as Schedulers.parallel(), or set none");
    }
  }
}
