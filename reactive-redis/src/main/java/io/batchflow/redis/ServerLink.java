package io.batchflow.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/** Connects to one server, or to the master that Sentinel names at that time. */
final class ServerLink implements RedisConnector {

  private final RedisClient client;
  private final RedisURI uri;
  private final ReconnectingConnection<StatefulRedisConnection<byte[], byte[]>> connection;
  private final Peers peers = new Peers();
  private final Mono<Void> shutdown;

  ServerLink(RedisClient client, RedisURI uri, boolean owned) {
    this.client = client;
    this.uri = uri;
    this.connection = new ReconnectingConnection<>(this::open);
    this.shutdown = owned ? Clients.shutDown(client) : Mono.empty();
  }

  private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> open() {
    return client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
  }

  @Override
  public void send(List<RowCommand> commands, boolean atomic) {
    Dispatch.with(
        connection.get().thenCompose(peers::introduced),
        commands,
        opened -> {
          Peer peer = peers.of(opened);
          Dispatch.dispatch(opened, commands, atomic, () -> peer.end(beside()));
        });
  }

  private CompletableFuture<Peer.Beside> beside() {
    return open().thenApply(opened -> new Peer.Beside(opened, opened));
  }

  @Override
  public int slot(byte[] key) {
    return 0;
  }

  @Override
  public void reset() {
    connection.drop();
  }

  @Override
  public Mono<Void> close() {
    return connection.close().then(shutdown);
  }
}
