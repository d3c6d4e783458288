package io.batchflow.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One line {@code RESULT key=value …}, and whether its values keep their bounds. */
final class Figure {

  private final Map<String, String> values = new LinkedHashMap<>();
  private boolean kept = true;

  Figure(String bench) {
    values.put("bench", bench);
  }

  Figure with(String key, String value) {
    values.put(key, value);
    return this;
  }

  Figure with(String key, double value) {
    return with(key, String.format(Locale.ROOT, "%.2f", value));
  }

  /** Adds a count that must be zero. */
  Figure none(String key, long count) {
    kept &= count == 0;
    return with(key, String.valueOf(count));
  }

  /** Adds a value that must not exceed a bound. */
  Figure atMost(String key, double value, double bound) {
    kept &= value <= bound;
    return with(key, value).with(key + "_bound", bound);
  }

  /** Adds a value that must not be below a bound. */
  Figure atLeast(String key, double value, double bound) {
    kept &= value >= bound;
    return with(key, value).with(key + "_bound", bound);
  }

  boolean isKept() {
    return kept;
  }

  String line() {
    String pairs =
        values.entrySet().stream()
            .map(pair -> pair.getKey() + "=" + pair.getValue())
            .collect(Collectors.joining(" "));
    return "RESULT " + pairs + " kept=" + kept;
  }
}
