package io.batchflow.micrometer;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchListener;
import io.batchflow.BatchResult;
import io.batchflow.FlowView;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import reactor.util.context.ContextView;

/**
 * The meters of one flow. Add it to the flow as a listener and bind it to a registry, in either
 * order.
 *
 * <pre>{@code
 * FlowMetrics metrics = FlowMetrics.create("orders");
 * metrics.bindTo(registry);
 * BatchFlow flow = BatchFlow.builder(writer).listener(metrics).build();
 * }</pre>
 *
 * <p>All names begin with {@code batchflow.}. All meters have the tag {@code flow}; those of a
 * table also have the tag {@code table}. Values of rows are never read. A submission has no extra
 * cost: counts are read from {@link FlowView#stats()} when the registry asks, and everything else
 * is recorded once for each batch. Timers and summaries miss events from before the binding.
 *
 * <p>Thread-safe. For one flow at a time: a later flow resets the counts.
 */
public final class FlowMetrics implements BatchListener, MeterBinder, AutoCloseable {

  private final String flow;
  private final Histograms histograms;
  private final StatsCache accounts;
  private final ErrorNames errors = new ErrorNames();
  private final List<FlowMeters> bound = new CopyOnWriteArrayList<>();

  private FlowMetrics(Builder builder) {
    this.flow = builder.flow;
    this.histograms = new Histograms(builder.percentileHistogram, builder.objectives);
    this.accounts = new StatsCache(new BoundedTagValues(builder.maxTables), builder.freshness);
  }

  /**
   * Creates the meters of a flow with the default options.
   *
   * @param flow the value of the tag {@code flow}; must be unique in a registry
   * @throws InvalidConfigurationException if it is blank
   */
  public static FlowMetrics create(String flow) {
    return builder(flow).build();
  }

  /**
   * Starts to build the meters of a flow.
   *
   * @param flow the value of the tag {@code flow}; must be unique in a registry
   * @throws InvalidConfigurationException if it is blank
   */
  public static Builder builder(String flow) {
    return new Builder(flow);
  }

  /** Registers the meters; those of a table when the flow first uses the table. */
  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(new FlowMeters(registry, flow, histograms, accounts));
    accounts.names().forEach(this::register);
  }

  /** Removes the meters from their registries. Does not affect the flow. */
  @Override
  public void close() {
    List<FlowMeters> all = List.copyOf(bound);
    bound.removeAll(all);
    all.forEach(FlowMeters::remove);
  }

  @Override
  public void onStarted(FlowView flow) {
    accounts.lookAt(flow, this::register);
  }

  @Override
  public void onTurnedAway(Row row, BatchFlowException reason, ContextView context) {
    each(row.schema(), meters -> meters.turnedAway(reason));
  }

  @Override
  public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
    each(schema, meters -> meters.sealed(reason, oldest));
  }

  @Override
  public void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {
    each(batch.schema(), meters -> meters.written(batch, result, took));
  }

  @Override
  public void onFailed(Batch batch, BatchFlowException error, int attempts, Duration took) {
    Throwable cause = error.getCause();
    String name = errors.of(cause == null ? error : cause);
    each(batch.schema(), meters -> meters.failed(error, took, name));
  }

  @Override
  public void onDurable(Schema schema, int rows, Duration longest) {
    each(schema, meters -> meters.durable(longest));
  }

  @Override
  public void onRetry(Batch batch, int attempt, Throwable failure) {
    String name = errors.of(failure);
    each(batch.schema(), meters -> meters.retried(name));
  }

  @Override
  public void onSplit(Batch batch, Throwable failure) {
    String name = errors.of(failure);
    each(batch.schema(), meters -> meters.split(name));
  }

  private void each(Schema schema, Consumer<TableMeters> event) {
    for (FlowMeters meters : bound) {
      event.accept(meters.of(accounts.nameOf(schema)));
    }
  }

  private void register(String name) {
    bound.forEach(meters -> meters.of(name));
  }

  /** Builds {@link FlowMetrics}. Not safe for concurrent use. */
  public static final class Builder {

    private final String flow;
    private int maxTables = 100;
    private boolean percentileHistogram;
    private List<Duration> objectives = List.of();
    private Duration freshness = Duration.ofMillis(100);

    private Builder(String flow) {
      if (flow.isBlank()) {
        throw new InvalidConfigurationException(
            "flow", "is blank", "Give the flow a name for its meters");
      }
      this.flow = flow;
    }

    /**
     * Sets how many tables have their own meters, in the order of first use. All others share the
     * tag {@code table=other}, which bounds the registry. Each table has about 30 meters, and one
     * for each kind of failure, up to 32 kinds in a flow. Defaults to 100.
     *
     * @throws InvalidConfigurationException unless from 0 to 10,000
     */
    public Builder maxTables(int maxTables) {
      if (maxTables < 0 || maxTables > 10_000) {
        throw new InvalidConfigurationException(
            "maxTables", "is " + maxTables, "Give a number from 0 to 10000");
      }
      this.maxTables = maxTables;
      return this;
    }

    /**
     * Sets whether all timers and summaries publish buckets, from which a backend such as
     * Prometheus computes percentiles. Defaults to false, since each timer of each table has about
     * 70 buckets.
     */
    public Builder percentileHistogram(boolean publish) {
      this.percentileHistogram = publish;
      return this;
    }

    /**
     * Adds a bucket with an exact count for each of these upper bounds to all timers. Defaults to
     * none.
     *
     * @throws InvalidConfigurationException unless all are positive
     */
    public Builder serviceLevelObjectives(Duration... objectives) {
      for (Duration objective : objectives) {
        if (objective.isZero() || objective.isNegative()) {
          throw new InvalidConfigurationException(
              "serviceLevelObjectives", "holds " + objective, "Give times longer than zero");
        }
      }
      this.objectives = List.of(objectives);
      return this;
    }

    /** Sets how long a snapshot of the flow's statistics is reused. */
    Builder freshness(Duration freshness) {
      this.freshness = freshness;
      return this;
    }

    /** Builds the meters. Bind them to a registry with {@link #bindTo}. */
    public FlowMetrics build() {
      return new FlowMetrics(this);
    }
  }
}
