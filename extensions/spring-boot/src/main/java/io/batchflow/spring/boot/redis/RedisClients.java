package io.batchflow.spring.boot.redis;

import io.batchflow.redis.RedisBatchWriter;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/** Makes clients for the Redis of an application. That of Spring may send a command twice. */
public final class RedisClients {

  private RedisClients() {}

  /** Returns one address, or those of all known nodes of a cluster. */
  public static List<RedisURI> uris(DataRedisConnectionDetails details) {
    return RedisUris.of(details);
  }

  /** Returns a {@link RedisClusterClient} or a {@link RedisClient}, which the caller shuts down. */
  public static AbstractRedisClient create(DataRedisConnectionDetails details) {
    SslBundle bundle = details.getSslBundle();
    List<RedisURI> uris = uris(details);
    if (details.getCluster() != null) {
      RedisClusterClient client = RedisClusterClient.create(uris);
      ClusterClientOptions.Builder options = RedisBatchWriter.clusterClientOptions();
      client.setOptions(bundle == null ? options.build() : options.sslOptions(ssl(bundle)).build());
      return client;
    }
    RedisClient client = RedisClient.create();
    ClientOptions.Builder options = RedisBatchWriter.clientOptions();
    client.setOptions(bundle == null ? options.build() : options.sslOptions(ssl(bundle)).build());
    return client;
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
}
