package io.batchflow.spring.boot;

import io.batchflow.BatchWriter;
import io.batchflow.redis.RedisBatchWriter;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

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
    SslBundle bundle = details.getSslBundle();
    List<RedisURI> uris = RedisUris.of(details);
    if (details.getCluster() != null) {
      RedisClusterClient client = RedisClusterClient.create(uris);
      clients.add(client);
      ClusterClientOptions.Builder options = RedisBatchWriter.clusterClientOptions();
      client.setOptions(bundle == null ? options.build() : options.sslOptions(ssl(bundle)).build());
      return RedisBatchWriter.builder(client);
    }
    RedisClient client = RedisClient.create();
    clients.add(client);
    ClientOptions.Builder options = RedisBatchWriter.clientOptions();
    client.setOptions(bundle == null ? options.build() : options.sslOptions(ssl(bundle)).build());
    return RedisBatchWriter.builder(client, uris.get(0));
  }

  private static SslOptions ssl(SslBundle bundle) {
    SslOptions.Builder builder =
        SslOptions.builder()
            .keyManager(bundle.getManagers().getKeyManagerFactory())
            .trustManager(bundle.getManagers().getTrustManagerFactory());
    if (bundle.getOptions().getCiphers() != null) {
      builder.cipherSuites(bundle.getOptions().getCiphers());
    }
    if (bundle.getOptions().getEnabledProtocols() != null) {
      builder.protocols(bundle.getOptions().getEnabledProtocols());
    }
    return builder.build();
  }

  /** The flows are closed by then, and with them the connections. */
  @Override
  public void destroy() {
    clients.forEach(AbstractRedisClient::shutdown);
  }
}
