package io.batchflow;

import io.batchflow.health.FlowHealth;
import io.batchflow.health.HealthPolicy;
import io.batchflow.internal.Engine;
import io.batchflow.internal.check.Checks;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.config.FlowOptions;
import io.batchflow.internal.submit.Admission;
import io.batchflow.internal.submit.SubmitAllFlux;
import io.batchflow.internal.submit.SubmitMono;
import io.batchflow.stats.FlowStats;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.RetryBackoffSpec;

/**
 * The front door: takes single rows, writes them in batches, and tells every caller what became of
 * its own row.
 *
 * <p>Safe for any number of threads. Needs a {@link #close()} at the end: it owns a thread, and it
 * closes its writer.
 */
public final class BatchFlow implements FlowView {

  private final Engine engine;

  private BatchFlow(FlowConfig config) {
    this.engine = new Engine(config, config.newLoop());
  }

  /** Starts a flow that writes through the given writer, which it will close at its own end. */
  public static Builder builder(BatchWriter writer) {
    return new Builder(writer);
  }

  /**
   * Submits one row.
   *
   * <p>Cold: each subscription is one submission, which starts when the subscriber first requests.
   * The row is fixed by this call. Cancelled before the row's batch is sealed, the submission is
   * withdrawn and not written; cancelled later, it is written and nobody is told.
   *
   * @return completes with a result once the row is durable. Fails with {@link
   *     RowRejectedException} or {@link BatchWriteException} when the row is surely not applied,
   *     {@link UnknownOutcomeException} when it may be, {@link RowExpiredException}, {@link
   *     QueueFullException} or {@link FlowClosedException} when it was not sent, and {@link
   *     InvalidRowException} when a required column is unset. Signals come on the flow's scheduler;
   *     a row that is turned away at once, before it waits, is told on the thread that subscribes
   *     or requests
   * @throws InvalidRowException if the row is null
   */
  public Mono<WriteResult> submit(Row row) {
    return SubmitMono.of(engine.submitter, row);
  }

  /**
   * Submits a stream of rows, asking for more only as there is room.
   *
   * <p>Cold, like {@link #submit}. A row that fails costs itself alone: its outcome says so and the
   * stream goes on. Outcomes come in the order of completion, not of submission; {@link
   * Row#tag(Object)} helps to tell them apart. An error of the source is signalled after the
   * outcomes of all rows that came before it.
   *
   * @return one outcome for each row. Fails with {@link FlowClosedException} if the flow closes
   *     before the source completes
   */
  public Flux<Outcome> submitAll(Publisher<? extends Row> rows) {
    return SubmitAllFlux.of(engine.submitter, engine.streams, rows);
  }

  /**
   * Sends what waits, without waiting for windows to fill.
   *
   * @return completes when every row submitted before this subscription has its outcome
   */
  public Mono<Void> flush() {
    return engine.flush();
  }

  /** Closes with the {@linkplain Builder#closeTimeout deadline} that the flow was built with. */
  public Mono<Void> close() {
    return close(engine.config.closeTimeout);
  }

  /**
   * Turns new rows away, sends all that wait, and completes when every row has its outcome and the
   * writer is closed; idempotent, the first subscription's deadline counts. Rows not sent by the
   * deadline fail with {@link FlowClosedException}, rows without a verdict with {@link
   * UnknownOutcomeException}; {@link #stats()} counts both.
   *
   * @param deadline positive, and at most a day
   */
  public Mono<Void> close(Duration deadline) {
    return engine.shutdown.close(Checks.positive("deadline", deadline));
  }

  @Override
  public FlowStats stats() {
    return engine.stats();
  }

  /** Returns what follows one load of rows whose number is not known: see {@link ProgressMeter}. */
  public ProgressMeter progress() {
    return meter(null);
  }

  /** Returns what follows one load of so many rows, 0 or more: see {@link ProgressMeter}. */
  public ProgressMeter progressOf(long total) {
    return meter(Checks.between("total", total, 0, Long.MAX_VALUE));
  }

  private ProgressMeter meter(@Nullable Long total) {
    return new ProgressMeter(
        engine.submitter::now, engine.config.scheduler, engine.shutdown.done(), total);
  }

  @Override
  public FlowHealth health() {
    return engine.health();
  }

  /**
   * Builds a {@link BatchFlow}. Not safe for concurrent use.
   *
   * <p>Each method throws {@link InvalidConfigurationException} for a value outside its bounds. A
   * duration is positive and at most a day.
   */
  public static final class Builder {

    private final FlowOptions options;

    private Builder(BatchWriter writer) {
      this.options = new FlowOptions(Checks.given("writer", writer));
    }

    /** Sets the policy of schemas without one. Defaults to {@link BatchPolicy#defaults()}. */
    public Builder defaultPolicy(BatchPolicy policy) {
      options.defaultPolicy = Checks.given("defaultPolicy", policy);
      return this;
    }

    /** Sets the policy of one schema, instead of the default policy. */
    public Builder policy(Schema schema, BatchPolicy policy) {
      options.policies.put(Checks.given("policy", schema), Checks.given("policy", policy));
      return this;
    }

    /**
     * Sets the most batches that are written at the same time, over all tables. No more than the
     * writer has connections. Defaults to 4, or to {@link BatchWriter#maxConcurrency()} where that
     * is less. Bounds: 1 to 1,024.
     */
    public Builder concurrency(int concurrency) {
      options.concurrency = Checks.atMost("concurrency", concurrency, 1_024);
      return this;
    }

    /**
     * Sets the most rows in the flow: in windows, in flight, or waiting for a retry. Beyond, {@link
     * BatchPolicy#overflow()} decides. Defaults to 20,000. Bounds: 1 to 1,048,575.
     */
    public Builder maxPending(int maxPending) {
      options.maxPending = Checks.atMost("maxPending", maxPending, Admission.MAX_ROWS);
      return this;
    }

    /**
     * Sets the most bytes in the flow, by {@link Row#estimatedBytes()}. A larger row passes alone.
     * Defaults to 32 MiB. Bounds: at least 1 KiB, and below 8 GiB.
     */
    public Builder maxPendingBytes(long maxPendingBytes) {
      options.maxPendingBytes =
          Checks.between("maxPendingBytes", maxPendingBytes, 1_024, Admission.MAX_BYTES);
      return this;
    }

    /**
     * Sets the most submissions that wait for room at the same time. Defaults to 10,000. Bounds: 1
     * to 32,767.
     */
    public Builder maxWaiters(int maxWaiters) {
      options.maxWaiters = Checks.atMost("maxWaiters", maxWaiters, Admission.MAX_WAITERS);
      return this;
    }

    /** Sets how long a submission waits for room at most. Defaults to 30 seconds. */
    public Builder maxWait(Duration maxWait) {
      options.maxWait = Checks.positive("maxWait", maxWait);
      return this;
    }

    /** Sets the deadline of {@link BatchFlow#close()}. Defaults to 30 seconds. */
    public Builder closeTimeout(Duration closeTimeout) {
      options.closeTimeout = Checks.positive("closeTimeout", closeTimeout);
      return this;
    }

    /**
     * Sets how long one attempt to write a batch may take; then the writer is asked to {@linkplain
     * BatchWriter#interrupt interrupt} it. Defaults to a minute.
     */
    public Builder writeTimeout(Duration writeTimeout) {
      options.writeTimeout = Checks.positive("writeTimeout", writeTimeout);
      return this;
    }

    /**
     * Sets how long an interrupted write is still waited for; then it is given up and its rows'
     * fate is unknown. Defaults to 5 seconds.
     */
    public Builder writeGrace(Duration writeGrace) {
      options.writeGrace = Checks.positive("writeGrace", writeGrace);
      return this;
    }

    /**
     * Sets how a batch is tried again after a {@linkplain FailureKind#TRANSIENT transient} failure,
     * and after an {@linkplain FailureKind#UNKNOWN unknown} one where a repeat is harmless. A
     * filter sees the writer's own failure; the scheduler is the flow's. Defaults to 3 retries with
     * jittered backoff from 100 milliseconds to 5 seconds.
     */
    public Builder retry(RetryBackoffSpec retry) {
      options.retry = Checks.given("retry", retry);
      return this;
    }

    /**
     * Sets the most retries of the whole flow in a period; those beyond wait for their turn, so
     * that a backend that comes back is not met by a storm. Defaults to 100 in a second.
     */
    public Builder retryBudget(int retries, Duration period) {
      options.retriesPerPeriod = Checks.positive("retryBudget", retries);
      options.retryPeriod = Checks.positive("retryBudget", period);
      return this;
    }

    /** Replaces the writer's own {@link BatchWriter#failureClassifier()}. */
    public Builder failureClassifier(FailureClassifier classifier) {
      options.failureClassifier = Checks.given("failureClassifier", classifier);
      return this;
    }

    /**
     * Sets where rejected rows are kept: another flow's {@code submit}, a file, a queue. Each is
     * handed over before its caller is told, and its batch keeps its slot until then. A failure is
     * tried again as a write is, each try for {@link #writeTimeout} at most; in the end the row is
     * {@linkplain FlowStats#deadLettersLost() lost} there, and its caller's exception has the
     * failure as suppressed. Rows not admitted, not sent or of unknown fate are not rejected.
     * Defaults to nowhere.
     *
     * @param keeper called on the flow's scheduler; must not block. Its publisher completes once
     *     the row is kept
     */
    public Builder deadLetter(Function<RejectedRow, ? extends Publisher<Void>> keeper) {
      options.deadLetter = Checks.given("deadLetter", keeper);
      return this;
    }

    /** Sets when the flow is degraded or down. Defaults to {@link HealthPolicy#defaults()}. */
    public Builder healthPolicy(HealthPolicy policy) {
      options.healthPolicy = Checks.given("healthPolicy", policy);
      return this;
    }

    /** Adds a listener; listeners are called in the order of adding. */
    public Builder listener(BatchListener listener) {
      options.listeners.add(Checks.given("listener", listener));
      return this;
    }

    /**
     * Sets the one scheduler that the whole flow runs on: its engine, clock and timers as well as
     * writes, outcomes and listeners. It stays open when the flow closes.
     *
     * <p>Defaults to none: the engine has a thread of its own, and all else runs on {@link
     * reactor.core.scheduler.Schedulers#parallel()}; under virtual time, all runs on that one.
     */
    public Builder scheduler(Scheduler scheduler) {
      options.scheduler = Checks.given("scheduler", scheduler);
      return this;
    }

    /**
     * Builds and starts the flow.
     *
     * @throws InvalidConfigurationException if options contradict each other
     */
    public BatchFlow build() {
      BatchFlow flow = new BatchFlow(new FlowConfig(options));
      flow.engine.listeners.started(flow);
      return flow;
    }
  }
}
