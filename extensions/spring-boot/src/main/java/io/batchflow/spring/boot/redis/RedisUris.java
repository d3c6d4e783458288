package io.batchflow.spring.boot.redis;

import io.batchflow.spring.boot.FlowStartException;
import io.lettuce.core.RedisURI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Cluster;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;

/** The addresses of the Redis of the application. */
final class RedisUris {

  private RedisUris() {}

  /** Returns one address, or those of all known nodes of a cluster. */
  static List<RedisURI> of(DataRedisConnectionDetails details) {
    Cluster cluster = details.getCluster();
    Sentinel sentinel = details.getSentinel();
    Standalone standalone = details.getStandalone();
    if (cluster != null) {
      return cluster.getNodes().stream()
          .map(node -> uri(details, node.host(), node.port(), 0))
          .toList();
    }
    if (sentinel != null) {
      return List.of(sentinel(details, sentinel));
    }
    if (standalone != null) {
      return List.of(
          uri(details, standalone.getHost(), standalone.getPort(), standalone.getDatabase()));
    }
    throw new FlowStartException(
        "The properties of spring.data.redis name no server, cluster or Sentinel for a flow.",
        "Set spring.data.redis.host, spring.data.redis.cluster.nodes or spring.data.redis.sentinel.",
        null);
  }

  private static RedisURI uri(
      DataRedisConnectionDetails details, String host, int port, int database) {
    RedisURI.Builder builder =
        RedisURI.builder()
            .withHost(host)
            .withPort(port)
            .withDatabase(database)
            .withSsl(details.getSslBundle() != null);
    authenticate(builder, details.getUsername(), details.getPassword());
    return builder.build();
  }

  private static RedisURI sentinel(DataRedisConnectionDetails details, Sentinel sentinel) {
    RedisURI.Builder builder =
        RedisURI.builder()
            .withSentinelMasterId(sentinel.getMaster())
            .withDatabase(sentinel.getDatabase())
            .withSsl(details.getSslBundle() != null);
    authenticate(builder, details.getUsername(), details.getPassword());
    for (Node node : sentinel.getNodes()) {
      RedisURI.Builder address =
          RedisURI.builder()
              .withHost(node.host())
              .withPort(node.port())
              .withSsl(details.getSslBundle() != null);
      authenticate(address, sentinel.getUsername(), sentinel.getPassword());
      builder.withSentinel(address.build());
    }
    return builder.build();
  }

  private static void authenticate(
      RedisURI.Builder builder, @Nullable String user, @Nullable String password) {
    if (password != null) {
      builder.withAuthentication(user == null ? "default" : user, password.toCharArray());
    }
  }
}
