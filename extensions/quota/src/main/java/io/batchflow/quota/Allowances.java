package io.batchflow.quota;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The allowances of one scope by name, and its counts. Forgets those that are as new ones would be.
 * Thread-safe.
 */
final class Allowances {

  /** How often idle names are looked for, and for how long they are idle at least. */
  private static final long PERIOD = Duration.ofSeconds(1).toNanos();

  final LongAdder refused = new LongAdder();
  final LongAdder delayed = new LongAdder();
  final LongAdder delayedNanos = new LongAdder();

  private final TimeMeter time;
  private final @Nullable Quota usual;
  private final Map<String, Allowance> named = new HashMap<>();
  private final ConcurrentMap<String, Allowance> known = new ConcurrentHashMap<>();
  private final int most;
  private final AtomicLong lookedAt;

  /** That of callers without a name, and that of names for which there is no place. */
  private final @Nullable Allowance nameless;

  private final @Nullable Allowance others;

  Allowances(Scope scope, Quotas quotas, TimeMeter time) {
    this.time = time;
    this.usual = quotas.usual(scope);
    this.most = quotas.maxNames();
    this.lookedAt = new AtomicLong(time.currentTimeNanos());
    this.nameless = usual == null ? null : new Allowance(usual, time);
    this.others = usual == null ? null : new Allowance(usual, time);
    quotas.named(scope).forEach((name, quota) -> named.put(name, new Allowance(quota, time)));
  }

  /** Returns whether nobody is limited. */
  boolean areUnlimited() {
    return usual == null && named.isEmpty();
  }

  /** Returns the allowance of a name, or of callers without one; null if it is not limited. */
  @Nullable Allowance of(@Nullable String name) {
    if (name == null) {
      return nameless;
    }
    Allowance own = named.get(name);
    if (own != null || usual == null) {
      return own;
    }
    Allowance allowance = known.get(name);
    if (allowance == null) {
      allowance = place(name, usual);
    }
    if (allowance != null) {
      allowance.touch();
    }
    return allowance;
  }

  private @Nullable Allowance place(String name, Quota usual) {
    forgetUnused();
    return known.size() >= most
        ? others
        : known.computeIfAbsent(name, unknown -> new Allowance(usual, time));
  }

  /** Looks at all names at most once a period, however many new ones come. */
  private void forgetUnused() {
    long now = time.currentTimeNanos();
    long last = lookedAt.get();
    if (now - last >= PERIOD && lookedAt.compareAndSet(last, now)) {
      known.values().removeIf(allowance -> allowance.isUnused(PERIOD));
    }
  }

  /** Returns how many names are remembered that have no quota of their own. */
  int size() {
    return known.size();
  }
}
