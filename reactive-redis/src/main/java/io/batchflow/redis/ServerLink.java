package io.batchflow.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.List;
import reactor.core.publisher.Mono;

/** One server, or the master that Sentinel names when the connection is opened. */
final class ServerLink implements Link {

  private final Reopened<StatefulRedisConnection<byte[], byte[]>> connection;
  private final Mono<Void> shutdown;

  ServerLink(RedisClient client, RedisURI uri, boolean owned) {
    this.connection =
        new Reopened<>(
            () -> client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture());
    this.shutdown = owned ? Clients.shutDown(client) : Mono.empty();
  }

  @Override
  public void send(List<RowCommand> commands, boolean atomic) {
    Sending.with(connection.get(), commands, open -> Sending.dispatch(open, commands, atomic));
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
