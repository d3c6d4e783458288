package io.batchflow.benchmarks;

import io.batchflow.testservers.RedisProcess;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/** Texts in Redis. Each is durable before Redis answers. */
record RedisFaultTarget(RedisProcess server) implements FaultTarget {

  private static final int PAGE = 10_000;

  @Override
  public String name() {
    return "Redis";
  }

  @Override
  public String url(int port) {
    return "redis://localhost:" + port;
  }

  @Override
  public void read(int from, int to, ObjIntConsumer<String> rows) {
    RedisClient client = RedisClient.create(server.uri());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      for (int first = from; first < to; first += PAGE) {
        String[] keys =
            IntStream.range(first, Math.min(to, first + PAGE))
                .mapToObj(id -> TargetWriters.REDIS_PREFIX + id)
                .toArray(String[]::new);
        for (KeyValue<String, String> found : connection.sync().mget(keys)) {
          if (found.hasValue()) {
            String id = found.getKey().substring(TargetWriters.REDIS_PREFIX.length());
            rows.accept(found.getValue(), Integer.parseInt(id));
          }
        }
      }
    } finally {
      client.shutdown();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
