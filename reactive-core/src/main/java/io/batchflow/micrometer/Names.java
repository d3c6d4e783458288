package io.batchflow.micrometer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Which tables are known by name in tags: the first ones, up to a bound. For any thread. */
final class Names {

  /** The tag of all others. */
  static final String OTHER = "other";

  private final Map<String, String> named = new ConcurrentHashMap<>();
  private final AtomicInteger left;

  Names(int most) {
    this.left = new AtomicInteger(most);
  }

  /** Returns the table's name, if it has or gets one of its own. */
  String of(String table) {
    String known = named.get(table);
    if (known != null) {
      return known;
    }
    // A table that is itself called "other" is one of the others.
    if (left.get() == 0 || table.equals(OTHER)) {
      return OTHER;
    }
    String name = named.computeIfAbsent(table, unknown -> takePlace() ? unknown : null);
    return name == null ? OTHER : name;
  }

  private boolean takePlace() {
    return left.getAndUpdate(places -> Math.max(0, places - 1)) > 0;
  }
}
