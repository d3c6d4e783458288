package io.batchflow.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;

/**
 * Identifies connections to their servers. Each is asked for at its first use and when it is
 * renewed.
 */
final class Peers {

  private final Map<StatefulRedisConnection<byte[], byte[]>, Peer> known =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Returns the connection once it is identified, so that what is sent on it can be ended. */
  CompletableFuture<StatefulRedisConnection<byte[], byte[]>> introduced(
      StatefulRedisConnection<byte[], byte[]> connection) {
    return of(connection).answered().thenApply(told -> connection);
  }

  Peer of(StatefulRedisConnection<byte[], byte[]> connection) {
    Peer peer = known.get(connection);
    return peer != null ? peer : learn(connection);
  }

  private Peer learn(StatefulRedisConnection<byte[], byte[]> connection) {
    Peer peer = Peer.of(connection);
    if (known.putIfAbsent(connection, peer) == null) {
      connection.addListener(
          new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> renewed, SocketAddress socket) {
              known.put(connection, Peer.of(connection));
            }
          });
      return peer;
    }
    return of(connection);
  }
}
