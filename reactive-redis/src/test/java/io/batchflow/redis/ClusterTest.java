package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** A real cluster of three masters. */
@Tag("server")
class ClusterTest {

  private static final int ROWS = 30_000;

  private static final Schema TEXTS =
      Schema.table("texts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  private static final Schema COUNTS = Schema.table("counts").columns("id", "n").build();

  private final Path directory;

  ClusterTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private @Nullable Cluster cluster;
  private @Nullable RedisClusterClient beside;

  private RedisAdvancedClusterCommands<String, String> start(boolean replicas) throws IOException {
    cluster = Cluster.start(directory, replicas);
    beside = RedisClusterClient.create(cluster.uri());
    return beside.connect().sync();
  }

  @AfterEach
  void cleanUp() {
    if (beside != null) {
      beside.shutdown();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private RedisBatchWriter.Builder writer() {
    return RedisBatchWriter.clusterBuilder(cluster.uri())
        .map(TEXTS, RedisMapping.set("text:{id}", "value"))
        .map(COUNTS, RedisMapping.incrBy("count:{{{id}}}", "n"));
  }

  private static Row text(int i) {
    return TEXTS.row().set("id", i).set("value", "v" + i);
  }

  /** Submits rows, and runs an action when a third of them is written. */
  private static List<Outcome<Row>> submit(RedisBatchWriter writer, int rows, Runnable event) {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .retry(Retry.backoff(200, Duration.ofMillis(10)).maxBackoff(Duration.ofMillis(200)))
            .build();
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.range(0, rows).map(ClusterTest::text))
            .index()
            .doOnNext(
                outcome -> {
                  if (outcome.getT1() == rows / 3) {
                    new Thread(event).start();
                  }
                })
            .map(outcome -> outcome.getT2())
            .collectList()
            .block(Sandbox.PATIENCE);
    assertThat(flow.stats().ledger().isBalanced()).isTrue();
    flow.close().block(Sandbox.PATIENCE);
    assertThat(outcomes).isNotNull().hasSize(rows);
    return outcomes;
  }

  private static void assertStored(
      RedisAdvancedClusterCommands<String, String> redis, List<Outcome<Row>> outcomes) {
    for (Outcome<Row> outcome : outcomes) {
      if (outcome.isWritten()) {
        Object id = outcome.row().value("id");
        assertThat(redis.get("text:" + id)).isEqualTo("v" + id);
      }
    }
  }

  @Test
  void rowsGoToTheirMastersSideBySide() throws IOException {
    RedisAdvancedClusterCommands<String, String> redis = start(false);

    List<Outcome<Row>> outcomes = submit(writer().build(), ROWS, () -> {});

    assertThat(outcomes).allMatch(Outcome::isWritten);
    assertThat(redis.dbsize()).isEqualTo(ROWS);
    for (int i = 0; i < 3; i++) {
      assertThat(cluster.node(i).dbsize()).isBetween(ROWS / 4L, ROWS / 2L);
    }
    assertStored(redis, outcomes);
  }

  @Test
  void aSlotThatMovesUnderLoadIsFollowed() throws IOException {
    RedisAdvancedClusterCommands<String, String> redis = start(false);
    int slot = SlotHash.getSlot("text:" + (ROWS - 1));
    int from = slot * 3 / SlotHash.SLOT_COUNT;

    List<Outcome<Row>> outcomes =
        submit(writer().build(), ROWS, () -> move(slot, from, (from + 1) % 3));

    assertThat(outcomes).allMatch(Outcome::isWritten);
    assertStored(redis, outcomes);
    assertThat(cluster.node((from + 1) % 3).clusterCountKeysInSlot(slot)).isPositive();
  }

  /** Works like the reshard of redis-cli. */
  private void move(int slot, int from, int to) {
    RedisCommands<String, String> source = cluster.node(from);
    RedisCommands<String, String> target = cluster.node(to);
    String sourceId = source.clusterMyId();
    String targetId = target.clusterMyId();
    target.clusterSetSlotImporting(slot, sourceId);
    source.clusterSetSlotMigrating(slot, targetId);
    for (List<String> keys = source.clusterGetKeysInSlot(slot, 10);
        !keys.isEmpty();
        keys = source.clusterGetKeysInSlot(slot, 10)) {
      source.migrate(
          "127.0.0.1",
          cluster.servers.get(to).port(),
          0,
          5_000,
          MigrateArgs.Builder.keys(keys).replace());
    }
    target.clusterSetSlotNode(slot, targetId);
    source.clusterSetSlotNode(slot, targetId);
  }

  @Test
  void aReplicaTakesTheMastersPlaceUnderLoad() throws IOException {
    RedisAdvancedClusterCommands<String, String> redis = start(true);

    List<Outcome<Row>> outcomes =
        submit(writer().build(), ROWS, () -> cluster.node(4).clusterFailover(false));

    assertThat(outcomes).allMatch(Outcome::isWritten);
    Cluster.await(() -> cluster.node(4).info("replication").contains("role:master"));
    assertStored(redis, outcomes);
  }

  @Test
  void aMasterThatIsKilledComesBackUnderLoad() throws IOException {
    RedisAdvancedClusterCommands<String, String> redis = start(false);

    List<Outcome<Row>> outcomes =
        submit(
            writer().build(),
            ROWS,
            () -> {
              cluster.servers.get(1).kill();
              restart(1);
            });

    assertThat(outcomes).allMatch(Outcome::isWritten);
    cluster.awaitOk();
    assertStored(redis, outcomes);
  }

  private void restart(int server) {
    try {
      cluster.servers.get(server).restart();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void anAtomicBatchStaysWithinASlot() throws IOException {
    RedisAdvancedClusterCommands<String, String> redis = start(false);
    RedisBatchWriter writer = writer().atomic().build();

    BatchResult one =
        writer
            .write(
                new Batch(
                    COUNTS,
                    IntStream.range(0, 10)
                        .mapToObj(i -> COUNTS.row().set("id", "a").set("n", 1))
                        .toList()))
            .block(Sandbox.PATIENCE);
    BatchResult many =
        writer
            .write(new Batch(TEXTS, IntStream.range(0, 10).mapToObj(ClusterTest::text).toList()))
            .block(Sandbox.PATIENCE);
    writer.close().block(Sandbox.PATIENCE);

    assertThat(one).isNotNull();
    assertThat(one.rejected()).isEmpty();
    assertThat(redis.get("count:{a}")).isEqualTo("10");
    assertThat(many).isNotNull();
    assertThat(many.rejected()).hasSize(10);
    assertThat(many.rejected().get(0)).hasMessageContaining("several slots");
    assertThat(redis.dbsize()).isEqualTo(1);
  }
}
