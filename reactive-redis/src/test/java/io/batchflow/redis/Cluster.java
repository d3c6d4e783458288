package io.batchflow.redis;

import io.batchflow.testservers.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A cluster of three masters on this machine, each with a replica if requested. */
final class Cluster implements AutoCloseable {

  private static final int MASTERS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  final List<RedisProcess> servers = new ArrayList<>();
  private final List<RedisClient> clients = new ArrayList<>();

  private Cluster() {}

  static Cluster start(Path directory, boolean replicas) throws IOException {
    Cluster cluster = new Cluster();
    int size = replicas ? 2 * MASTERS : MASTERS;
    for (int i = 0; i < size; i++) {
      RedisProcess server =
          RedisProcess.start(
              directory,
              "--cluster-enabled",
              "yes",
              "--cluster-config-file",
              "nodes-" + i + ".conf",
              "--cluster-node-timeout",
              "1000",
              "--appendonly",
              "yes",
              "--appendfsync",
              "always",
              "--appendfilename",
              "node-" + i + ".aof");
      cluster.servers.add(server);
      cluster.clients.add(RedisClient.create(server.uri()));
    }
    cluster.join();
    for (int i = MASTERS; i < size; i++) {
      RedisCommands<String, String> replica = cluster.node(i);
      String master = cluster.node(i - MASTERS).clusterMyId();
      await(() -> replica.clusterNodes().contains(master));
      replica.clusterReplicate(master);
    }
    cluster.awaitOk();
    return cluster;
  }

  private void join() {
    for (int i = 0; i < servers.size(); i++) {
      if (i > 0) {
        node(i).clusterMeet("127.0.0.1", servers.get(0).port());
      }
      if (i < MASTERS) {
        int from = i * SlotHash.SLOT_COUNT / MASTERS;
        int to = (i + 1) * SlotHash.SLOT_COUNT / MASTERS;
        node(i).clusterAddSlots(IntStream.range(from, to).toArray());
      }
    }
  }

  /** Waits until every node that answers knows all nodes and finds all slots served. */
  void awaitOk() {
    for (int i = 0; i < servers.size(); i++) {
      RedisCommands<String, String> node = node(i);
      await(
          () ->
              node.clusterInfo().contains("cluster_state:ok")
                  && node.clusterInfo().contains("cluster_known_nodes:" + servers.size()));
    }
  }

  RedisCommands<String, String> node(int index) {
    return clients.get(index).connect().sync();
  }

  String uri() {
    return servers.get(0).uri();
  }

  static void await(Condition condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Waited for too long");
      }
      Thread.onSpinWait();
    }
  }

  /** Waits until a condition is true. */
  @FunctionalInterface
  interface Condition {

    boolean holds();
  }

  @Override
  public void close() {
    clients.forEach(RedisClient::shutdown);
    servers.forEach(RedisProcess::close);
  }
}
