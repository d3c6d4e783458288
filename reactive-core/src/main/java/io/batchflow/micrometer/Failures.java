package io.batchflow.micrometer;

import io.micrometer.core.instrument.Counter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often writes of one table failed, in one registry. Counters are registered when their failure
 * is first met, as nobody knows before which ones a backend has. For any thread.
 */
final class Failures {

  /** What comes of a write that failed. */
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
      // Outside the map's lock: a registry may call others. Made twice, it is the same counter.
      counter = register(key);
      counters.put(key, counter);
    }
    counter.increment();
  }

  private Counter register(Key key) {
    return registrar
        .with("stage", key.stage.name().toLowerCase(Locale.ROOT))
        .with("error", key.error)
        .counter("batchflow.failures", "failures", "Writes that failed, by what came of them");
  }
}
