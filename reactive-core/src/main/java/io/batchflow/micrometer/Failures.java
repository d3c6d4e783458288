package io.batchflow.micrometer;

import io.micrometer.core.instrument.Counter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the failed writes of one table in one registry. A counter is registered when its failure
 * first occurs, since the failures of a backend are not known in advance. Thread-safe.
 */
final class Failures {

  /** What happens after the failure. */
  enum Stage {
    RETRY,
    SPLIT,
    FINAL
  }

  private record Key(Stage stage, String error) {}

  private final Registrar registrar;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  Failures(Registrar registrar) {
    this.registrar = registrar;
  }

  void count(Stage stage, String error) {
    Key key = new Key(stage, error);
    Counter counter = counters.get(key);
    if (counter == null) {
      // Not under the map's lock: a registry may call other code. A second registration is
      // harmless.
      counter = register(key);
      counters.put(key, counter);
    }
    counter.increment();
  }

  private Counter register(Key key) {
    return registrar
        .with("stage", key.stage.name().toLowerCase(Locale.ROOT))
        .with("error", key.error)
        .counter("batchflow.failures", "failures", "Failed writes, by what happened next");
  }
}
