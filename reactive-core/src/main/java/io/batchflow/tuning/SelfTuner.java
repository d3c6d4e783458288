package io.batchflow.tuning;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchListener;
import io.batchflow.BatchResult;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.OutcomeStatus;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.batchflow.stats.FlowStats;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Changes the size of batches and the concurrency of tables while a flow runs, by what their
 * batches cost. Add it to the flow as a listener, and start it.
 *
 * <pre>{@code
 * SelfTuner tuner = SelfTuner.of("orders", "events");
 * BatchFlow flow = BatchFlow.builder(writer).listener(tuner).build();
 * tuner.start(flow);
 * }</pre>
 *
 * <p>For each table it fits the time of a batch of n rows as a fixed time and a time per row. The
 * size is that of which a tenth of the time is fixed, unless the latency target or the room of the
 * flow asks for less. A further slot is tried while all slots of the table are busy, and kept if
 * rows per second grow. If writes fail because of others, time out or become several times slower,
 * the slots are cut to 0.7 of them at once; with one slot, the size is. The delay of rows is never
 * changed.
 *
 * <p>It sets {@link io.batchflow.BatchPolicy#maxSize()} and {@link
 * io.batchflow.BatchPolicy#concurrency()} through the {@linkplain BatchFlow#control control} of the
 * table, and {@code maxBytes} if its {@link Tuning} has it. If others change size or concurrency,
 * it goes on from there.
 *
 * <p>Thread-safe. For one flow. Dispose it before the flow is closed; tables keep their last
 * policy.
 */
public final class SelfTuner implements BatchListener, Disposable {

  private final Map<String, Tuning> tunings;
  private final Map<String, TuningState> resumed;
  private final @Nullable Scheduler scheduler;
  private final Disposable.Composite ticks = Disposables.composite();

  /** The tables of the flow; null before the start. */
  private final AtomicReference<@Nullable Map<String, TunedTable>> tuned = new AtomicReference<>();

  private SelfTuner(Builder builder) {
    this.tunings = new LinkedHashMap<>(builder.tunings);
    this.resumed = Map.copyOf(builder.resumed);
    this.scheduler = builder.scheduler;
  }

  /** Creates a tuner of tables, by their {@link Schema#table()}, within the default bounds. */
  public static SelfTuner of(String... tables) {
    Builder builder = builder();
    for (String table : tables) {
      builder.table(table, Tuning.defaults());
    }
    return builder.build();
  }

  /** Starts to build a tuner. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts to tune the tables of the flow that this listens to.
   *
   * @return this tuner
   * @throws IllegalStateException if it was started or disposed
   */
  public SelfTuner start(BatchFlow flow) {
    Scheduler timer = scheduler == null ? Schedulers.parallel() : scheduler;
    FlowStats stats = flow.stats();
    Map<String, TunedTable> tables = new LinkedHashMap<>();
    tunings.forEach(
        (table, tuning) ->
            tables.put(
                table,
                new TunedTable(
                    tuning,
                    flow.control(table),
                    timer,
                    stats.concurrency(),
                    stats.capacity(),
                    resumed.get(table))));
    if (ticks.isDisposed() || !tuned.compareAndSet(null, tables)) {
      throw new IllegalStateException("A SelfTuner is started once, and not after its disposal");
    }
    tables.forEach(
        (name, table) -> {
          table.start();
          Duration period = tunings.getOrDefault(name, Tuning.defaults()).period();
          ticks.add(
              Flux.interval(period, period, timer)
                  .onBackpressureDrop()
                  .subscribe(tick -> table.tick()));
        });
    return this;
  }

  /** Returns what was found for each table; empty before the start. */
  public List<TuningState> states() {
    return all().stream().map(TunedTable::state).toList();
  }

  /** Returns what was found for a table; null before the start, or for an unknown table. */
  public @Nullable TuningState state(String table) {
    TunedTable known = tuned(table);
    return known == null ? null : known.state();
  }

  /** Returns the names of the tables; unmodifiable. */
  public Set<String> tables() {
    return Collections.unmodifiableSet(tunings.keySet());
  }

  /**
   * Returns why the last change of a policy was refused; null if it was not, or for an unknown
   * table.
   */
  public @Nullable Throwable failure(String table) {
    TunedTable known = tuned(table);
    return known == null ? null : known.failure();
  }

  private @Nullable TunedTable tuned(String table) {
    Map<String, TunedTable> all = tuned.get();
    return all == null ? null : all.get(table);
  }

  private Collection<TunedTable> all() {
    Map<String, TunedTable> all = tuned.get();
    return all == null ? List.of() : all.values();
  }

  @Override
  public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
    TunedTable table = tuned(schema.table());
    if (table != null) {
      table.sealed(rows);
    }
  }

  @Override
  public void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {
    TunedTable table = tuned(batch.schema().table());
    if (table != null) {
      if (attempts == 1) {
        table.wrote(batch.size(), took.toNanos());
      } else {
        table.ended();
      }
    }
  }

  @Override
  public void onFailed(Batch batch, BatchFlowException error, int attempts, Duration took) {
    TunedTable table = tuned(batch.schema().table());
    if (table != null) {
      if (error.isRetryable() || error.status() == OutcomeStatus.UNKNOWN) {
        table.troubled();
      }
      table.ended();
    }
  }

  @Override
  public void onRetry(Batch batch, int attempt, Throwable failure) {
    TunedTable table = tuned(batch.schema().table());
    if (table != null) {
      table.troubled();
    }
  }

  /** Stops to tune. Tables keep their last policy. */
  @Override
  public void dispose() {
    ticks.dispose();
    all().forEach(TunedTable::stop);
  }

  @Override
  public boolean isDisposed() {
    return ticks.isDisposed();
  }

  @Override
  public String toString() {
    return "SelfTuner" + tunings;
  }

  /** Builds a {@link SelfTuner}. Not safe for concurrent use. */
  public static final class Builder {

    private final Map<String, Tuning> tunings = new LinkedHashMap<>();
    private final Map<String, TuningState> resumed = new LinkedHashMap<>();
    private @Nullable Scheduler scheduler;

    private Builder() {}

    /**
     * Adds a table, by its {@link Schema#table()}.
     *
     * @throws InvalidConfigurationException if one is null
     */
    public Builder table(String table, Tuning tuning) {
      tunings.put(given("table", table), given("tuning", tuning));
      return this;
    }

    /**
     * Starts the tables with what an earlier tuner found, as far as this one has them.
     *
     * @throws InvalidConfigurationException if it is null
     */
    public Builder resume(List<TuningState> states) {
      given("states", states).forEach(state -> resumed.put(state.table(), state));
      return this;
    }

    /**
     * Sets the scheduler for the periods and their clock, which must be that of the flow. It is not
     * disposed. Defaults to {@code Schedulers.parallel()}.
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = given("scheduler", scheduler);
      return this;
    }

    /**
     * Builds the tuner.
     *
     * @throws InvalidConfigurationException if it has no table
     */
    public SelfTuner build() {
      if (tunings.isEmpty()) {
        throw new InvalidConfigurationException("table", "is missing", "Name a table to tune");
      }
      return new SelfTuner(this);
    }

    private static <T> T given(String option, @Nullable T value) {
      if (value == null) {
        throw new InvalidConfigurationException(option, "is null", "Give a value");
      }
      return value;
    }
  }
}
