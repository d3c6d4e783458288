package io.batchflow.micrometer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Which names stand in tags as they are: the first ones, up to a bound. For any thread. */
final class BoundedTagValues {

  /** The tag of all others. */
  static final String OTHER = "other";

  private final Map<String, String> named = new ConcurrentHashMap<>();
  private final int most;
  private final AtomicInteger left;

  BoundedTagValues(int most) {
    this.most = most;
    this.left = new AtomicInteger(most);
  }

  /** Returns the name, if it has or gets a place, or that of all others. */
  String of(String name) {
    // Asked before the look: a place that is taken may not be filled yet, by this very name.
    boolean full = named.size() >= most;
    String known = named.get(name);
    if (known != null) {
      return known;
    }
    // What is itself called "other" is one of the others.
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
