package io.batchflow.redis;

import io.batchflow.FailureKind;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;

/**
 * Connects to a cluster. The commands of a batch are sent to each master in one piece; Lettuce by
 * itself would send a piece for each of 16,384 slots. A command that is redirected is sent once
 * more by Lettuce.
 */
final class ClusterLink implements RedisConnector {

  private static final String NO_NODE = "";

  private final RedisClusterClient client;
  private final ReconnectingConnection<StatefulRedisClusterConnection<byte[], byte[]>> connection;
  private final Peers peers = new Peers();
  private final Mono<Void> shutdown;

  ClusterLink(RedisClusterClient client, boolean owned) {
    this.client = client;
    this.connection = new ReconnectingConnection<>(this::open);
    this.shutdown = owned ? Clients.shutDown(client) : Mono.empty();
  }

  private CompletableFuture<StatefulRedisClusterConnection<byte[], byte[]>> open() {
    return client
        .refreshPartitionsAsync()
        .thenCompose(known -> client.connectAsync(ByteArrayCodec.INSTANCE))
        .toCompletableFuture();
  }

  @Override
  public void send(List<RowCommand> commands, boolean atomic) {
    Dispatch.with(
        connection.get(),
        commands,
        open -> {
          if (atomic && !isOneSlot(commands)) {
            reject(commands);
          } else {
            send(open, commands, atomic);
          }
        });
  }

  private void send(
      StatefulRedisClusterConnection<byte[], byte[]> open,
      List<RowCommand> commands,
      boolean atomic) {
    Map<String, List<RowCommand>> byNode = new LinkedHashMap<>();
    for (RowCommand command : commands) {
      byNode.computeIfAbsent(nodeOf(open, command), node -> new ArrayList<>()).add(command);
    }
    byNode.forEach(
        (node, part) ->
            Dispatch.with(
                connectionTo(open, node).thenCompose(peers::introduced),
                part,
                there -> {
                  Peer peer = peers.of(there);
                  Dispatch.dispatch(there, part, atomic, () -> peer.end(beside(node)));
                }));
  }

  /**
   * Opens a second connection to a node. It belongs to another connection to the cluster, as each
   * of those has one connection to a node.
   */
  private CompletableFuture<Peer.Beside> beside(String node) {
    return open()
        .thenCompose(
            other ->
                connectionTo(other, node)
                    .handle(
                        (there, failure) -> {
                          if (failure != null) {
                            CompletableFuture<Void> unused = other.closeAsync();
                            throw new CompletionException(failure);
                          }
                          return new Peer.Beside(there, other);
                        }));
  }

  private static String nodeOf(
      StatefulRedisClusterConnection<byte[], byte[]> open, RowCommand command) {
    RedisClusterNode node = open.getPartitions().getPartitionBySlot(SlotHash.getSlot(command.key));
    return node == null ? NO_NODE : node.getNodeId();
  }

  private static CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connectionTo(
      StatefulRedisClusterConnection<byte[], byte[]> open, String node) {
    if (node.equals(NO_NODE)) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("No node of the cluster serves the slot"));
    }
    try {
      return open.getConnectionAsync(node);
    } catch (RuntimeException gone) {
      return CompletableFuture.failedFuture(gone);
    }
  }

  private static boolean isOneSlot(List<RowCommand> commands) {
    return commands.stream().mapToInt(command -> SlotHash.getSlot(command.key)).distinct().count()
        == 1;
  }

  private static void reject(List<RowCommand> commands) {
    RedisWriteException reason =
        new RedisWriteException(
            FailureKind.PERMANENT,
            commands.get(0).schema(),
            null,
            "an atomic batch has keys of several slots, which a cluster cannot write in one transaction",
            "Give its keys a common {hash tag}, or leave atomic out",
            null);
    commands.forEach(command -> command.completeExceptionally(reason));
  }

  @Override
  public int slot(byte[] key) {
    return SlotHash.getSlot(key);
  }

  @Override
  public boolean follows(String error) {
    return error.startsWith("MOVED ") || error.startsWith("ASK ");
  }

  /** Sends the command on a connection that the client chooses. Nobody can end that connection. */
  @Override
  public void follow(RowCommand command) {
    Dispatch.with(connection.get(), List.of(command), open -> open.dispatch(command));
  }

  /** Refreshes the map of slots to nodes. */
  @Override
  public void reset() {
    CompletionStage<?> unused = client.refreshPartitionsAsync();
  }

  @Override
  public Mono<Void> close() {
    return connection.close().then(shutdown);
  }
}
