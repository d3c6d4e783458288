package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.testservers.RedisProcess;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Servers that stop and start while rows are in flight. */
@Tag("server")
class FaultsTest {

  private static final int ROWS = 60_000;
  private static final int KILLS = 5;

  private static final Schema TEXTS =
      Schema.table("texts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private static final Schema COUNTS = Schema.table("counts").columns("id", "n").build();

  private final Path directory;

  FaultsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** A write is durable before it is answered, so an answer can be compared with the data. */
  private RedisProcess durableServer() throws IOException {
    return RedisProcess.start(directory, "--appendonly", "yes", "--appendfsync", "always");
  }

  private static BatchFlow flow(String uri) {
    return BatchFlow.builder(
            RedisBatchWriter.builder(uri)
                .timeout(Duration.ofSeconds(5))
                .map(TEXTS, RedisMapping.set("text:{id}", "value"))
                .map(COUNTS, RedisMapping.incrBy("count:{id}", "n"))
                .build())
        .defaultPolicy(BatchPolicy.builder().maxSize(500).build())
        .retry(Retry.backoff(500, Duration.ofMillis(10)).maxBackoff(Duration.ofMillis(100)))
        .build();
  }

  /** Submits rows. Runs an action each time when another share of them has its outcome. */
  private static List<Outcome<Row>> submit(
      BatchFlow flow, Function<Integer, Row> row, Runnable event) {
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.range(0, ROWS).map(row))
            .index()
            .doOnNext(
                outcome -> {
                  if (outcome.getT1() % (ROWS / (KILLS + 1)) == ROWS / (KILLS + 1) - 1
                      && outcome.getT1() < ROWS - 1) {
                    new Thread(event).start();
                  }
                })
            .map(outcome -> outcome.getT2())
            .collectList()
            .block(Sandbox.PATIENCE);
    assertThat(outcomes).isNotNull().hasSize(ROWS);
    assertThat(flow.stats().ledger().isBalanced()).isTrue();
    flow.close().block(Sandbox.PATIENCE);
    return outcomes;
  }

  private static synchronized void restart(RedisProcess server) {
    try {
      server.kill();
      server.restart();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void whatIsHarmlessToRepeatIsAllThereAfterFiveKills() throws IOException {
    try (RedisProcess server = durableServer()) {
      List<Outcome<Row>> outcomes =
          submit(
              flow(server.uri()),
              i -> TEXTS.row().set("id", i).set("value", "v" + i),
              () -> restart(server));

      assertThat(outcomes).allMatch(Outcome::isWritten);
      RedisClient client = RedisClient.create(server.uri());
      assertThat(client.connect().sync().dbsize()).isEqualTo(ROWS);
      assertThat(client.connect().sync().get("text:" + (ROWS - 1))).isEqualTo("v" + (ROWS - 1));
      client.shutdown();
    }
  }

  @Test
  void whatCountsIsNeverCountedTwiceAndWhatIsDoubtfulIsSaid() throws IOException {
    try (RedisProcess server = durableServer()) {
      List<Outcome<Row>> outcomes =
          submit(
              flow(server.uri()),
              i -> COUNTS.row().set("id", i % 100).set("n", 1),
              () -> restart(server));

      Map<OutcomeStatus, Long> ends =
          outcomes.stream().collect(Collectors.groupingBy(Outcome::status, Collectors.counting()));
      long written = ends.getOrDefault(OutcomeStatus.WRITTEN, 0L);
      long unknown = ends.getOrDefault(OutcomeStatus.UNKNOWN, 0L);
      assertThat(written + unknown).isEqualTo(ROWS);
      RedisClient client = RedisClient.create(server.uri());
      long counted = 0;
      for (int i = 0; i < 100; i++) {
        counted += Long.parseLong(client.connect().sync().get("count:" + i));
      }
      client.shutdown();
      assertThat(counted).isBetween(written, written + unknown);
    }
  }

  @Test
  void sentinelNamesAnotherMaster() throws IOException {
    try (RedisProcess master = RedisProcess.start(directory);
        RedisProcess replica =
            RedisProcess.start(
                directory,
                "--replicaof",
                "127.0.0.1",
                String.valueOf(master.port()),
                "--repl-diskless-sync",
                "yes",
                "--repl-diskless-sync-delay",
                "0")) {
      RedisClient beside = RedisClient.create(replica.uri());
      Cluster.await(() -> beside.connect().sync().info("replication").contains("link_status:up"));
      Files.writeString(
          directory.resolve("sentinel.conf"),
          """
          sentinel monitor main 127.0.0.1 %d 1
          sentinel down-after-milliseconds main 500
          sentinel failover-timeout main 5000
          """
              .formatted(master.port()));
      try (RedisProcess sentinel = RedisProcess.startSentinel(directory, "sentinel.conf")) {
        RedisClient watcher = RedisClient.create("redis://localhost:" + sentinel.port());
        Cluster.await(
            () -> watcher.connectSentinel().sync().master("main").get("num-slaves").equals("1"));
        BatchFlow flow = flow("redis-sentinel://localhost:" + sentinel.port() + "/0#main");
        assertThat(flow.submit(TEXTS.row().set("id", "a").set("value", "1")).block()).isNotNull();

        master.kill();
        Row row = TEXTS.row().set("id", "b").set("value", "2");
        assertThat(flow.submit(row).block(Sandbox.PATIENCE)).isNotNull();

        assertThat(beside.connect().sync().get("text:b")).isEqualTo("2");
        flow.close().block(Sandbox.PATIENCE);
        watcher.shutdown();
      }
      beside.shutdown();
    }
  }
}
