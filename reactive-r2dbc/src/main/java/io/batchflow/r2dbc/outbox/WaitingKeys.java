package io.batchflow.r2dbc.outbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** The keys whose first message failed, until it is tried again. For one thread at a time. */
final class WaitingKeys {

  /** With more, the relay waits as a whole. */
  static final int MOST = 1_000;

  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int DOUBLINGS = 8;

  /**
   * A message that failed.
   *
   * @param until when it is tried again, by the clock
   */
  private record Waiting(int shard, long seq, int attempts, long until) {}

  private final LongSupplier clock;
  private final Map<String, Waiting> keys = new HashMap<>();

  /**
   * @param clock in nanoseconds, from any origin
   */
  WaitingKeys(LongSupplier clock) {
    this.clock = clock;
  }

  /** Returns how often a message has failed before. */
  int attempts(Appended message) {
    Waiting waiting = keys.get(message.key());
    return waiting == null || waiting.seq() != message.seq() ? 0 : waiting.attempts();
  }

  /**
   * Lets a key wait longer after each failure of its message.
   *
   * @return false if too many keys wait already
   */
  boolean failed(Appended message) {
    int attempts = attempts(message) + 1;
    if (keys.size() >= MOST && !keys.containsKey(message.key())) {
      return false;
    }
    Duration pause = FIRST.multipliedBy(1L << Math.min(attempts - 1, DOUBLINGS));
    long nanos = Math.min(pause.toNanos(), LONGEST.toNanos());
    keys.put(
        message.key(),
        new Waiting(message.shard(), message.seq(), attempts, clock.getAsLong() + nanos));
    return true;
  }

  /** Forgets a key whose message has left. */
  void left(Appended message) {
    keys.remove(message.key());
  }

  /** Forgets the keys of other shards. */
  void keepOnly(Set<Integer> shards) {
    keys.values().removeIf(waiting -> !shards.contains(waiting.shard()));
  }

  /** Returns the keys of a shard that are not tried now. */
  List<String> of(int shard) {
    long now = clock.getAsLong();
    return keys.entrySet().stream()
        .filter(one -> one.getValue().shard() == shard && one.getValue().until() - now > 0)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Forgets keys that a read could have found, and did not find. */
  void forgetDue(long readAt) {
    keys.values().removeIf(waiting -> waiting.until() - readAt <= 0);
  }

  /** Returns how long it takes until a key is tried again, at most a given time. */
  Duration untilNext(Duration most) {
    long now = clock.getAsLong();
    long nanos =
        keys.values().stream()
            .mapToLong(waiting -> Math.max(0, waiting.until() - now))
            .min()
            .orElse(Long.MAX_VALUE);
    return Duration.ofNanos(Math.min(nanos, most.toNanos()));
  }

  int size() {
    return keys.size();
  }
}
