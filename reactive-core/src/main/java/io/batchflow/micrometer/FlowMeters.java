package io.batchflow.micrometer;

import io.batchflow.ConnectionStats;
import io.batchflow.FlowHealth;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** A flow's meters in one registry. For any thread. */
final class FlowMeters {

  private final Accounts accounts;
  private final Registrar registrar;
  private final Map<String, TableMeters> tables = new ConcurrentHashMap<>();

  FlowMeters(MeterRegistry registry, String flow, Histograms histograms, Accounts accounts) {
    this.accounts = accounts;
    this.registrar = new Registrar(registry, histograms, Tags.of("flow", flow));
    registrar.gauge(
        "batchflow.capacity",
        "rows",
        "Rows that the flow has room for",
        accounts,
        all -> all.look().capacity());
    registrar.gauge(
        "batchflow.waiting",
        "submissions",
        "Submissions and streams that wait for room",
        accounts,
        all -> all.look().waiting());
    registrar.gauge(
        "batchflow.health",
        "status",
        "0 for up, 1 for degraded, 2 for down",
        accounts,
        all -> number(all.look().health()));
    deadLetters("kept", View::deadLetters);
    deadLetters("lost", View::deadLettersLost);
    String doing = "Connections of the writer's pool, by what they do";
    connections(
        registrar.with("state", "in_use"), "batchflow.connections", doing, ConnectionStats::inUse);
    connections(
        registrar.with("state", "idle"), "batchflow.connections", doing, ConnectionStats::idle);
    connections(
        registrar,
        "batchflow.max.connections",
        "The most connections of the writer's pool",
        ConnectionStats::max);
    registrar.gauge(
        "batchflow.awaiting.connection",
        "batches",
        "Batches that wait for a connection",
        accounts,
        all -> all.look().connections().waiting());
  }

  private void connections(
      Registrar registrar, String name, String about, ToIntFunction<ConnectionStats> count) {
    registrar.gauge(
        name, "connections", about, accounts, all -> count.applyAsInt(all.look().connections()));
  }

  private static int number(FlowHealth.Status health) {
    return switch (health) {
      case UP -> 0;
      case DEGRADED -> 1;
      case DOWN -> 2;
    };
  }

  private void deadLetters(String outcome, ToLongFunction<View> count) {
    registrar
        .with("outcome", outcome)
        .counter(
            "batchflow.dead.letters",
            "rows",
            "Refused rows that were handed over to be kept",
            accounts,
            all -> count.applyAsLong(all.look()));
  }

  TableMeters of(String name) {
    TableMeters known = tables.get(name);
    if (known != null) {
      return known;
    }
    // Outside the map's lock: a registry may call others. Made twice, the meters are the same, but
    // for those of the account, at which a registry would complain.
    Registrar ofTable = registrar.with("schema", name);
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
