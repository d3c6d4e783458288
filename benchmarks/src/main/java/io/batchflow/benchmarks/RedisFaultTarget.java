package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.RedisMapping;
import io.batchflow.testservers.RedisProcess;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Texts in Redis, each durable before it is answered. */
record RedisFaultTarget(RedisProcess server) implements FaultTarget {

  private static final String PREFIX = "fault:";
  private static final int PAGE = 10_000;
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  @Override
  public String name() {
    return "Redis";
  }

  @Override
  public BatchWriter writer(int port) {
    RedisBatchWriter.Builder builder =
        RedisBatchWriter.builder("redis://localhost:" + port).timeout(TIMEOUT);
    for (ConflictStrategy strategy : ConflictStrategy.values()) {
      builder.map(FaultTarget.schema(strategy), RedisMapping.set(PREFIX + "{id}", "val"));
    }
    return builder.build();
  }

  @Override
  public BitSet stored(int from, int to) {
    BitSet stored = new BitSet();
    RedisClient client = RedisClient.create(server.uri());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      for (int first = from; first < to; first += PAGE) {
        String[] keys =
            IntStream.range(first, Math.min(to, first + PAGE))
                .mapToObj(id -> PREFIX + id)
                .toArray(String[]::new);
        for (KeyValue<String, String> found : connection.sync().mget(keys)) {
          int id = Integer.parseInt(found.getKey().substring(PREFIX.length()));
          if (FaultTarget.value(id).equals(found.getValueOrElse(""))) {
            stored.set(id);
          }
        }
      }
    } finally {
      client.shutdown();
    }
    return stored;
  }

  @Override
  public void close() {
    server.close();
  }
}
