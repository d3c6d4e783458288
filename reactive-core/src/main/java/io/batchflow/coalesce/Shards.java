package io.batchflow.coalesce;

import io.batchflow.QueueFullException;
import io.batchflow.Schema;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Gives the calls of each key a shard, which is a Schema of the handler's table and so a lane of
 * its own. A key has a shard while calls of it are under way. Shards have numbers, so no name has a
 * key. Thread-safe.
 */
final class Shards {

  /** The shard of a key, and how many calls of the key are under way. */
  private record Shard(int number, int calls) {

    Shard plus(int more) {
      return new Shard(number, calls + more);
    }
  }

  private final String handler;
  private final int most;
  private final ConcurrentMap<Object, Shard> shards = new ConcurrentHashMap<>();
  private final AtomicInteger used = new AtomicInteger();

  /** The numbers of earlier shards. The latest is used first, so that few lanes are used at all. */
  private final ConcurrentLinkedDeque<Integer> free = new ConcurrentLinkedDeque<>();

  Shards(String handler, int most) {
    this.handler = handler;
    this.most = most;
  }

  /** Returns the Schema of calls without a key, or of a shard. */
  static Schema schema(String handler, @Nullable Integer shard) {
    String column = shard == null ? CallBatch.CALL : CallBatch.CALL + shard;
    return Schema.tablePath(handler).columns(column).returning(CallBatch.REPLY).build();
  }

  /**
   * Begins a call of a key.
   *
   * @throws QueueFullException if as many other keys have calls under way as there may be shards
   */
  Schema enter(Object key) {
    Shard shard = shards.computeIfPresent(key, (same, known) -> known.plus(1));
    if (shard == null) {
      int number = number();
      shard =
          shards.compute(
              key, (same, known) -> known == null ? new Shard(number, 1) : known.plus(1));
      if (shard.number() != number) {
        free.push(number); // another call of this key came first
      }
    }
    return schema(handler, shard.number());
  }

  private int number() {
    Integer earlier = free.poll();
    if (earlier != null) {
      return earlier;
    }
    int next = used.getAndUpdate(count -> Math.min(count + 1, most));
    if (next == most) {
      throw QueueFullException.tooManyKeys(handler, most);
    }
    return next;
  }

  /** Ends a call of a key. The last one gives the shard back. */
  void leave(Object key) {
    shards.computeIfPresent(
        key,
        (same, shard) -> {
          if (shard.calls() > 1) {
            return shard.plus(-1);
          }
          free.push(shard.number());
          return null;
        });
  }

  /** Returns how many keys have a shard. */
  int size() {
    return shards.size();
  }
}
