package io.batchflow.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
  }

  TableMeters of(String name) {
    TableMeters known = tables.get(name);
    if (known != null) {
      return known;
    }
    // Outside the map's lock: a registry may call others. Made twice, the meters are the same.
    TableMeters made = new TableMeters(registrar.with("schema", name), accounts, name);
    TableMeters first = tables.putIfAbsent(name, made);
    return first == null ? made : first;
  }

  void remove() {
    registrar.removeAll();
  }
}
