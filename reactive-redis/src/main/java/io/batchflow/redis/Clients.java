package io.batchflow.redis;

import io.batchflow.InvalidConfigurationException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Creates clients that send no command twice. By default, Lettuce sends unanswered commands again
 * after a reconnect, so that counters count twice.
 */
final class Clients {

  /** Far more than a flow has in flight. The default of Lettuce is unbounded. */
  private static final int REQUEST_QUEUE = 1_000_000;

  private static final Duration FIRST_RECONNECT = Duration.ofMillis(10);
  private static final Duration MOST_BETWEEN_RECONNECTS = Duration.ofSeconds(1);
  private static final Duration TOPOLOGY_AGE = Duration.ofSeconds(30);

  private Clients() {}

  /** Parses a URI. The exceptions of Lettuce would show it, with the password. */
  static RedisURI parse(String uri) {
    try {
      return RedisURI.create(uri);
    } catch (RuntimeException wrong) {
      throw new InvalidConfigurationException(
          "uri",
          "is not a URI of Redis",
          "Give a URI such as redis://user:password@host:6379/0, or rediss:// for TLS, with percent"
              + " codes for special characters");
    }
  }

  /**
   * @param timeout the timeout of the handshake, which is part of the time of a batch
   */
  static RedisClient standalone(RedisURI uri, Duration timeout) {
    uri.setTimeout(timeout);
    RedisClient client = RedisClient.create(uri);
    client.setOptions(serverOptions().socketOptions(connectWithin(timeout)).build());
    return client;
  }

  static RedisClusterClient cluster(List<RedisURI> uris, Duration timeout) {
    uris.forEach(uri -> uri.setTimeout(timeout));
    ClientResources resources =
        ClientResources.builder()
            .reconnectDelay(
                Delay.exponential(
                    FIRST_RECONNECT, MOST_BETWEEN_RECONNECTS, 2, TimeUnit.MILLISECONDS))
            .build();
    RedisClusterClient client = RedisClusterClient.create(resources, uris);
    client.setOptions(clusterOptions().socketOptions(connectWithin(timeout)).build());
    return client;
  }

  private static SocketOptions connectWithin(Duration timeout) {
    return SocketOptions.builder().connectTimeout(timeout).build();
  }

  /**
   * Shuts a client down. Not on its event loop, where its connection was closed, as it takes locks.
   */
  static Mono<Void> shutDown(RedisClient client) {
    return Mono.fromFuture(client::shutdownAsync).subscribeOn(Schedulers.boundedElastic());
  }

  /** Shuts a client to a cluster down, with the resources that were created for it. */
  static Mono<Void> shutDown(RedisClusterClient client) {
    return Mono.fromFuture(client::shutdownAsync)
        .subscribeOn(Schedulers.boundedElastic())
        .publishOn(Schedulers.boundedElastic())
        .then(
            Mono.create(
                sink ->
                    client
                        .getResources()
                        .shutdown(0, 2, TimeUnit.SECONDS)
                        .addListener(ended -> sink.success())));
  }

  /** The writer reconnects itself, so that it finds a new master. */
  static ClientOptions.Builder serverOptions() {
    return ClientOptions.builder()
        .autoReconnect(false)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(REQUEST_QUEUE)
        .timeoutOptions(noTimers());
  }

  static ClusterClientOptions.Builder clusterOptions() {
    return ClusterClientOptions.builder()
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(REQUEST_QUEUE)
        .timeoutOptions(noTimers())
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder()
                .adaptiveRefreshTriggersTimeout(MOST_BETWEEN_RECONNECTS)
                .enablePeriodicRefresh(TOPOLOGY_AGE)
                .build());
  }

  /** A batch has one deadline. A timer for each command would cost more than the command. */
  private static TimeoutOptions noTimers() {
    return TimeoutOptions.builder().timeoutCommands(false).build();
  }

  static void check(ClientOptions options) {
    if (!options.isRejectCommandsWhileDisconnected()) {
      throw rejected(
          "would send unanswered commands again after a reconnect",
          "disconnectedBehavior(REJECT_COMMANDS)");
    }
    if (options.getRequestQueueSize() == Integer.MAX_VALUE) {
      throw rejected(
          "has an unbounded queue", "a requestQueueSize above what the flow has in flight");
    }
  }

  private static InvalidConfigurationException rejected(String problem, String remedy) {
    return new InvalidConfigurationException(
        "client",
        problem,
        "Give it the options of RedisBatchWriter.clientOptions(), or "
            + remedy
            + ", or accept it with anyClientOptions()");
  }
}
