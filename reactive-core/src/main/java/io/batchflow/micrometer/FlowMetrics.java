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
 * The meters of one flow: a listener to build the flow with, and a binder to give to a registry, in
 * either order.
 *
 * <pre>{@code
 * FlowMetrics metrics = FlowMetrics.create("orders");
 * metrics.bindTo(registry);
 * BatchFlow flow = BatchFlow.builder(writer).listener(metrics).build();
 * }</pre>
 *
 * <p>All names begin with {@code batchflow.}; all meters have the tag {@code flow}, and those of a
 * table the tag {@code table}, the table's name. No value of a row is ever read. Submitting costs
 * nothing more: counts are read off {@link FlowView#stats()} when the registry asks, and the rest
 * is recorded once for each batch. What happened before a registry was bound is missing there,
 * except in the counts.
 *
 * <p>Safe for any thread. For one flow at a time: with a later one the counts begin anew.
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
   * @param flow the tag {@code flow}; no two flows of a registry may share it
   * @throws InvalidConfigurationException if it is blank
   */
  public static FlowMetrics create(String flow) {
    return builder(flow).build();
  }

  /**
   * Starts the meters of a flow.
   *
   * @param flow the tag {@code flow}; no two flows of a registry may share it
   * @throws InvalidConfigurationException if it is blank
   */
  public static Builder builder(String flow) {
    return new Builder(flow);
  }

  /** Registers the meters; those of a table as soon as something is known of it. */
  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(new FlowMeters(registry, flow, histograms, accounts));
    accounts.names().forEach(this::register);
  }

  /** Removes the meters from the registries that they were bound to. The flow goes on. */
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
            "flow", "is blank", "Give the flow a name that its meters are found by");
      }
      this.flow = flow;
    }

    /**
     * Sets how many tables have meters of their own, those met first. All others share the tag
     * {@code table=other}, so that tables without number do not grow the registry. Defaults to 100,
     * of about 30 meters each, and one for each kind of failure that it meets, of which a flow has
     * up to 32.
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
     * Publishes the buckets that a backend such as Prometheus takes percentiles from, for all times
     * and sizes. Defaults to false, as they are many: some 70 for each timer of each table.
     */
    public Builder percentileHistogram(boolean publish) {
      this.percentileHistogram = publish;
      return this;
    }

    /**
     * Publishes buckets with these upper bounds for all times: how many stayed within each is then
     * known exactly. Defaults to none.
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

    /** Sets how long a snapshot of the flow serves all meters that are read. */
    Builder freshness(Duration freshness) {
      this.freshness = freshness;
      return this;
    }

    /** Builds the meters, which registries show once they are bound. */
    public FlowMetrics build() {
      return new FlowMetrics(this);
    }
  }
}
