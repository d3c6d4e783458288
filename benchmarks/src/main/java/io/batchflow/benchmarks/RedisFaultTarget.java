package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.RedisMapping;
import io.batchflow.testservers.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.BitSet;

/** Texts in Redis, each durable before it is answered. */
record RedisFaultTarget(RedisProcess server) implements FaultTarget {

  private static final String PREFIX = "fault:";
  private static final int PAGE = 10_000;

  @Override
  public String name() {
    return "Redis";
  }

  @Override
  public Schema schema() {
    return Schema.table("faults")
        .columns("id", "val")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE)
        .build();
  }

  @Override
  public BatchWriter writer() {
    return RedisBatchWriter.builder(server.uri())
        .map(schema(), RedisMapping.set(PREFIX + "{id}", "val"))
        .build();
  }

  @Override
  public BitSet stored() {
    BitSet stored = new BitSet();
    RedisClient client = RedisClient.create(server.uri());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      ScanIterator<String> keys =
          ScanIterator.scan(connection.sync(), ScanArgs.Builder.limit(PAGE));
      while (keys.hasNext()) {
        stored.set(Integer.parseInt(keys.next().substring(PREFIX.length())));
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
