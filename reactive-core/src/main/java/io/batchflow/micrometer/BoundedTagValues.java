package io.batchflow.micrometer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the first names as tag values, up to a bound, and maps all others to one value.
 * Thread-safe.
 */
final class BoundedTagValues {

  /** The tag value of all other names. */
  static final String OTHER = "other";

  private final Map<String, String> named = new ConcurrentHashMap<>();
  private final int most;
  private final AtomicInteger left;

  BoundedTagValues(int most) {
    this.most = most;
    this.left = new AtomicInteger(most);
  }

  /** Returns the name if it has or gets a place, else {@link #OTHER}. */
  String of(String name) {
    // Read before the lookup: another thread may be adding this name.
    boolean full = named.size() >= most;
    String known = named.get(name);
    if (known != null) {
      return known;
    }
    // A table named "other" shares the tag value of all others.
    if (full || name.equals(OTHER)) {
      return OTHER;
    }
    String placed = named.computeIfAbsent(name, unknown -> takePlace() ? unknown : null);
    return placed == null ? OTHER : placed;
  }

  private boolean takePlace() {
    return left.getAndUpdate(places -> Math.max(0, places - 1)) > 0;
  }
}
