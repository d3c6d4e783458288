package io.batchflow.micrometer;

import io.batchflow.health.FlowHealth;
import io.batchflow.stats.ConnectionStats;
import io.batchflow.stats.FlowStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** A flow's meters in one registry. Thread-safe. */
final class FlowMeters {

  private final StatsCache accounts;
  private final Registrar registrar;
  private final Map<String, TableMeters> tables = new ConcurrentHashMap<>();

  FlowMeters(MeterRegistry registry, String flow, Histograms histograms, StatsCache accounts) {
    this.accounts = accounts;
    this.registrar = new Registrar(registry, histograms, Tags.of("flow", flow));
    gauge("batchflow.capacity", "rows", "Rows that the flow has room for", FlowStats::capacity);
    gauge(
        "batchflow.waiting",
        "submissions",
        "Submissions and streams that wait for room",
        FlowStats::waiting);
    registrar.nanosGauge(
        "batchflow.longest.wait",
        "How long the first waiting submission has waited for room",
        accounts,
        all -> all.look().flow().longestWait().toNanos());
    gauge(
        "batchflow.writes",
        "batches",
        "Batches that hold one of the flow's slots",
        FlowStats::writing);
    gauge("batchflow.concurrency", "batches", "Slots of the flow", FlowStats::concurrency);
    registrar.gauge(
        "batchflow.health",
        "status",
        "0 for up, 1 for degraded, 2 for down",
        accounts,
        all -> number(all.look().health()));
    deadLetters("kept", FlowStats::deadLetters);
    deadLetters("lost", FlowStats::deadLettersLost);
    connections("in_use", ConnectionStats::inUse);
    connections("idle", ConnectionStats::idle);
    gauge(
        "batchflow.max.connections",
        "connections",
        "Maximum number of connections in the writer's pool",
        stats -> stats.connections().max());
    gauge(
        "batchflow.awaiting.connection",
        "batches",
        "Batches that wait for a connection",
        stats -> stats.connections().waiting());
  }

  private void gauge(String name, String unit, String about, ToLongFunction<FlowStats> value) {
    gauge(registrar, name, unit, about, value);
  }

  private void gauge(
      Registrar registrar,
      String name,
      String unit,
      String about,
      ToLongFunction<FlowStats> value) {
    registrar.gauge(name, unit, about, accounts, all -> value.applyAsLong(all.look().flow()));
  }

  private void connections(String state, ToLongFunction<ConnectionStats> count) {
    gauge(
        registrar.with("state", state),
        "batchflow.connections",
        "connections",
        "Connections of the writer's pool, by state",
        stats -> count.applyAsLong(stats.connections()));
  }

  private static int number(FlowHealth.Status health) {
    return switch (health) {
      case UP -> 0;
      case DEGRADED -> 1;
      case DOWN -> 2;
    };
  }

  private void deadLetters(String outcome, ToLongFunction<FlowStats> count) {
    registrar
        .with("outcome", outcome)
        .counter(
            "batchflow.dead.letters",
            "rows",
            "Rejected rows that were handed over as dead letters",
            accounts,
            all -> count.applyAsLong(all.look().flow()));
  }

  TableMeters of(String name) {
    TableMeters known = tables.get(name);
    if (known != null) {
      return known;
    }
    // Not under the map's lock: a registry may call other code. A second registration is harmless,
    // except for the function counters of the account.
    Registrar ofTable = registrar.with("table", name);
    TableMeters made = new TableMeters(ofTable);
    TableMeters first = tables.putIfAbsent(name, made);
    if (first == null) {
      TableMeters.registerAccount(ofTable, accounts, name);
      return made;
    }
    return first;
  }

  void remove() {
    registrar.removeAll();
  }
}
