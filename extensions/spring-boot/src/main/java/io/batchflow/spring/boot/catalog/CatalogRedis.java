package io.batchflow.spring.boot.catalog;

import io.batchflow.spring.boot.redis.RedisClients;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

/** A connection to the Redis of the application, with a client of its own. */
record CatalogRedis(
    AbstractRedisClient client, RedisClusterReactiveCommands<String, String> commands)
    implements AutoCloseable {

  static CatalogRedis connect(DataRedisConnectionDetails details) {
    AbstractRedisClient client = RedisClients.create(details);
    try {
      return new CatalogRedis(client, commands(client, details));
    } catch (RuntimeException failure) {
      client.shutdown();
      throw failure;
    }
  }

  private static RedisClusterReactiveCommands<String, String> commands(
      AbstractRedisClient client, DataRedisConnectionDetails details) {
    return client instanceof RedisClusterClient cluster
        ? cluster.connect().reactive()
        : ((RedisClient) client).connect(RedisClients.uris(details).get(0)).reactive();
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
