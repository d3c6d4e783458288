package io.batchflow.spring.boot;

import io.batchflow.BatchWriter;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.spring.boot.redis.RedisClients;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

/**
 * Writers to the Redis of the application, with clients of their own: that of Spring may send a
 * command twice.
 */
final class RedisWriters implements BackendWriters, DisposableBean {

  private final ListableBeanFactory beans;
  private final List<RedisWriterCustomizer> customizers;
  private final List<AbstractRedisClient> clients = new CopyOnWriteArrayList<>();

  RedisWriters(ListableBeanFactory beans, List<RedisWriterCustomizer> customizers) {
    this.beans = beans;
    this.customizers = List.copyOf(customizers);
  }

  @Override
  public Backend backend() {
    return Backend.REDIS;
  }

  @Override
  public BatchWriter create(String flow, @Nullable String bean) {
    RedisBatchWriter.Builder builder =
        builder(BackendBeans.find(beans, DataRedisConnectionDetails.class, flow, bean));
    customizers.forEach(customizer -> customizer.customize(flow, builder));
    return builder.build();
  }

  private RedisBatchWriter.Builder builder(DataRedisConnectionDetails details) {
    AbstractRedisClient client = RedisClients.create(details);
    clients.add(client);
    return client instanceof RedisClusterClient cluster
        ? RedisBatchWriter.builder(cluster)
        : RedisBatchWriter.builder((RedisClient) client, RedisClients.uris(details).get(0));
  }

  /** The flows are closed by then, and with them the connections. */
  @Override
  public void destroy() {
    clients.forEach(AbstractRedisClient::shutdown);
  }
}
