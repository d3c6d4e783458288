package io.batchflow;

import io.batchflow.control.TableControl;
import io.batchflow.guard.RowSink;
import io.batchflow.health.FlowHealth;
import io.batchflow.health.HealthPolicy;
import io.batchflow.internal.Engine;
import io.batchflow.internal.check.Checks;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.config.FlowOptions;
import io.batchflow.internal.submit.Admission;
import io.batchflow.internal.submit.RowSource;
import io.batchflow.internal.submit.SubmitAllFlux;
import io.batchflow.internal.submit.SubmitMono;
import io.batchflow.internal.submit.TypedTable;
import io.batchflow.stats.FlowStats;
import io.batchflow.table.RowMapper;
import io.batchflow.table.Table;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.RetryBackoffSpec;

/**
 * Takes single rows, writes them in batches, and reports to each caller the outcome of its own row.
 * Thread-safe. A flow owns a thread and its writer: you must {@link #close()} it.
 */
public final class BatchFlow implements FlowView, RowSink {

  private final Engine engine;

  private BatchFlow(FlowConfig config) {
    this.engine = new Engine(config, config.newLoop());
  }

  /** Starts to build a flow that writes through the given writer. The flow closes the writer. */
  public static Builder builder(BatchWriter writer) {
    return new Builder(writer);
  }

  /**
   * Submits one row.
   *
   * <p>Cold: each subscription is one submission, which starts with the subscriber's first request.
   * This call freezes the row. A cancellation before the row's batch is sealed withdraws the
   * submission: the row is not written. A later cancellation only drops the outcome.
   *
   * @return completes with a result once the row is durable, or fails with a {@link
   *     BatchFlowException} whose {@link BatchFlowException#status() status} tells whether the row
   *     may be applied. Signals arrive on the flow's scheduler; if the row is turned away at once,
   *     on the thread that subscribes or requests
   * @throws InvalidRowException if the row is null
   */
  @Override
  public Mono<WriteResult> submit(Row row) {
    return SubmitMono.of(engine.entry, row);
  }

  /**
   * Submits a stream of rows, each of which has one outcome. Requests rows while there is room.
   *
   * <p>Cold, like {@link #submit}. A row that fails does not end the stream: its outcome holds the
   * error. Outcomes arrive in the order of completion, not of submission; {@link Row#tag(Object)}
   * identifies them. An error of the source is signalled after the outcomes of all earlier rows, as
   * is a {@link FlowClosedException} if the flow closes before the source completes.
   */
  @Override
  public Flux<Outcome<Row>> submitAll(Publisher<? extends Row> rows) {
    return SubmitAllFlux.of(engine.entry, engine.streams, RowSource.ROWS, rows);
  }

  /** Submits rows as one {@link Unit}: all are applied or none. Otherwise like {@link #submit}. */
  @Override
  public Mono<WriteResult> submitTogether(List<Row> rows) {
    return SubmitMono.ofUnit(engine.entry, rows);
  }

  /** Returns a table that takes objects, which the mapper turns into rows. */
  public <T> Table<T> table(RowMapper<T> mapper) {
    return TypedTable.of(engine.entry, engine.streams, mapper);
  }

  /** Returns a table that takes records or beans of a class, by {@link RowMapper#of(Class)}. */
  public <T> Table<T> table(Class<T> type) {
    return table(RowMapper.of(Checks.given("type", type)));
  }

  /** Returns the control of a table, with all its schemas, by its {@link Schema#table()}. */
  public TableControl control(String table) {
    return engine.control(Checks.given("table", table));
  }

  /**
   * Sends all waiting rows now. Completes when every row submitted before this subscription has its
   * outcome; those of a paused table are sent after its resume.
   */
  public Mono<Void> flush() {
    return engine.control.flush();
  }

  /** Closes the flow with the {@linkplain Builder#closeTimeout deadline} of its builder. */
  public Mono<Void> close() {
    return close(engine.config.closeTimeout);
  }

  /**
   * Turns new rows away, sends all waiting rows, and completes when every row has its outcome and
   * the writer is closed. Idempotent: the first subscription's deadline counts. At the deadline,
   * which is positive and at most a day, rows not yet sent fail with {@link FlowClosedException},
   * rows in flight with {@link UnknownOutcomeException}.
   */
  public Mono<Void> close(Duration deadline) {
    return engine.shutdown.close(Checks.positive("deadline", deadline));
  }

  @Override
  public FlowStats stats() {
    return engine.stats();
  }

  /** Returns a {@link ProgressMeter} for one load of an unknown number of rows. */
  public ProgressMeter progress() {
    return meter(null);
  }

  /** Returns a {@link ProgressMeter} for one load of {@code total} rows, 0 or more. */
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
   * Builds a {@link BatchFlow}. Not safe for concurrent use. A method throws {@link
   * InvalidConfigurationException} for a value out of bounds, and {@link #build()} for options that
   * contradict each other. A duration is positive and at most a day.
   */
  public static final class Builder {

    private final FlowOptions options;

    private Builder(BatchWriter writer) {
      this.options = new FlowOptions(Checks.given("writer", writer));
    }

    /** Sets the policy of schemas without their own. Defaults to {@link BatchPolicy#defaults()}. */
    public Builder defaultPolicy(BatchPolicy policy) {
      options.defaultPolicy = Checks.given("defaultPolicy", policy);
      return this;
    }

    /** Sets the policy of one schema, instead of the default policy. */
    public Builder policy(Schema schema, BatchPolicy policy) {
      options.policies.put(Checks.given("policy", schema), Checks.given("policy", policy));
      return this;
    }

    /** Sets the policy of a table, by its {@link Schema#table()}, for schemas without their own. */
    public Builder policy(String table, BatchPolicy policy) {
      options.tablePolicies.put(Checks.given("policy", table), Checks.given("policy", policy));
      return this;
    }

    /**
     * Sets the most batches in flight, over all tables. Must not exceed {@link
     * BatchWriter#maxConcurrency()}. Defaults to 4, or to that if lower. Bounds: 1 to 1,024.
     */
    public Builder concurrency(int concurrency) {
      options.concurrency = Checks.atMost("concurrency", concurrency, 1_024);
      return this;
    }

    /**
     * Sets the most rows without an outcome. {@link BatchPolicy#overflow()} decides about further
     * rows. Defaults to 20,000. Bounds: 1 to 1,048,575.
     */
    public Builder maxPending(int maxPending) {
      options.maxPending = Checks.atMost("maxPending", maxPending, Admission.MAX_ROWS);
      return this;
    }

    /**
     * Sets the maximum number of bytes in the flow, by {@link Row#estimatedBytes()}. A larger row
     * is admitted alone. Defaults to 32 MiB. Bounds: at least 1 KiB, below 8 GiB.
     */
    public Builder maxPendingBytes(long bytes) {
      options.maxPendingBytes = Checks.between("maxPendingBytes", bytes, 1024, Admission.MAX_BYTES);
      return this;
    }

    /** Sets the most submissions that wait for room. Defaults to 10,000. Bounds: 1 to 32,767. */
    public Builder maxWaiters(int maxWaiters) {
      options.maxWaiters = Checks.atMost("maxWaiters", maxWaiters, Admission.MAX_WAITERS);
      return this;
    }

    /** Sets the longest time that a submission waits for room. Defaults to 30 seconds. */
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
     * Sets the time limit of one attempt to write a batch. At the limit the flow asks the writer to
     * {@linkplain BatchWriter#interrupt interrupt} the write. Defaults to 1 minute.
     */
    public Builder writeTimeout(Duration writeTimeout) {
      options.writeTimeout = Checks.positive("writeTimeout", writeTimeout);
      return this;
    }

    /** Sets the time of an interrupted write to end; then its rows are unknown. Defaults to 5 s. */
    public Builder writeGrace(Duration writeGrace) {
      options.writeGrace = Checks.positive("writeGrace", writeGrace);
      return this;
    }

    /**
     * Sets how a batch is retried after a {@link FailureKind#TRANSIENT} failure, and after {@link
     * FailureKind#UNKNOWN} if a repeat is harmless. A filter gets the writer's own failure. The
     * flow's scheduler is used. Defaults to 3 retries with jittered backoff from 100 ms to 5 s.
     */
    public Builder retry(RetryBackoffSpec retry) {
      options.retry = Checks.given("retry", retry);
      return this;
    }

    /** Sets the most retries of the flow in a period; others wait. Defaults to 100 a second. */
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
     * Sets where rejected rows are kept, and only those: another flow's {@code submit}, a file, a
     * queue. The keeper runs on the flow's scheduler, must not block, and completes once a row is
     * stored. Only then is the outcome reported and the slot released. Failures are retried like a
     * write; later ones count as {@link FlowStats#deadLettersLost()}, suppressed in the outcome's.
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

    /** Adds a listener. Listeners are called in the order in which they were added. */
    public Builder listener(BatchListener listener) {
      options.listeners.add(Checks.given("listener", listener));
      return this;
    }

    /**
     * Sets the scheduler for the whole flow, which does not dispose it. Defaults to {@code
     * Schedulers.parallel()} and a thread for the engine, or to the scheduler of virtual time.
     */
    public Builder scheduler(Scheduler scheduler) {
      options.scheduler = Checks.given("scheduler", scheduler);
      return this;
    }

    /** Builds and starts the flow. */
    public BatchFlow build() {
      BatchFlow flow = new BatchFlow(new FlowConfig(options));
      flow.engine.listeners.started(flow);
      return flow;
    }
  }
}
