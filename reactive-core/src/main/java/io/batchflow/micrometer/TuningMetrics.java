package io.batchflow.micrometer;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.tuning.SelfTuner;
import io.batchflow.tuning.TuningState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of what a {@link SelfTuner} has found: {@code batchflow.tuning.rows}, {@code .slots},
 * {@code .fixed} and {@code .per.row}, with the tags {@code flow} and {@code table}. They are NaN
 * before the tuner is started, and times until they are known. Thread-safe.
 */
public final class TuningMetrics implements MeterBinder, AutoCloseable {

  private final String flow;
  private final SelfTuner tuner;
  private final List<Registrar> bound = new CopyOnWriteArrayList<>();

  private TuningMetrics(String flow, SelfTuner tuner) {
    this.flow = flow;
    this.tuner = tuner;
  }

  /**
   * Creates the gauges of a tuner.
   *
   * @param flow the value of the tag {@code flow}, as of {@link FlowMetrics}
   * @throws InvalidConfigurationException if it is blank
   */
  public static TuningMetrics create(String flow, SelfTuner tuner) {
    if (flow.isBlank()) {
      throw new InvalidConfigurationException(
          "flow", "is blank", "Give the flow a name for its meters");
    }
    return new TuningMetrics(flow, Objects.requireNonNull(tuner, "tuner"));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Registrar ofFlow =
        new Registrar(registry, new Histograms(false, List.of()), Tags.of("flow", flow));
    bound.add(ofFlow);
    tuner.tables().forEach(table -> register(ofFlow.with("table", table), table));
  }

  private void register(Registrar registrar, String table) {
    registrar.gauge(
        "batchflow.tuning.rows",
        "rows",
        "Rows of a full batch that self-tuning has found",
        tuner,
        all -> of(all, table, TuningState::rows));
    registrar.gauge(
        "batchflow.tuning.slots",
        "slots",
        "Batches at the same time that self-tuning has found",
        tuner,
        all -> of(all, table, TuningState::slots));
    registrar.nanosGauge(
        "batchflow.tuning.fixed",
        "Time of a batch without its rows, by the fit of self-tuning",
        tuner,
        all -> fitted(all, table, TuningState::fixedNanos));
    registrar.nanosGauge(
        "batchflow.tuning.per.row",
        "Time that each row adds to a batch, by the fit of self-tuning",
        tuner,
        all -> fitted(all, table, TuningState::nanosPerRow));
  }

  private static double of(SelfTuner tuner, String table, ToDoubleFunction<TuningState> component) {
    TuningState state = tuner.state(table);
    return state == null ? Double.NaN : component.applyAsDouble(state);
  }

  private static double fitted(
      SelfTuner tuner, String table, ToDoubleFunction<TuningState> component) {
    return of(
        tuner, table, state -> state.isFitted() ? component.applyAsDouble(state) : Double.NaN);
  }

  /** Removes the gauges from their registries. */
  @Override
  public void close() {
    List<Registrar> all = List.copyOf(bound);
    bound.removeAll(all);
    all.forEach(Registrar::removeAll);
  }
}
