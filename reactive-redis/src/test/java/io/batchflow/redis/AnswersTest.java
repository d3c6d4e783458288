package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriteException;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.testservers.RedisProcess;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** The meaning of a server's errors, each for its own row. */
@Tag("server")
class AnswersTest {

  private static final Schema TEXTS =
      Schema.table("texts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  private static final Schema COUNTS = Schema.table("counts").columns("id", "value").build();

  private static final Duration PAUSE = Duration.ofMillis(200);

  /** The clock does not advance inside a script, so the command takes about this time. */
  private static final String BUSY_FOR_A_SECOND =
      "local n = 0 while n < 50000000 do n = n + 1 end return 'OK'";

  private final RedisProcess server;
  private final RedisClient client;
  private RedisCommands<String, String> redis;

  AnswersTest(@TempDir Path directory) throws IOException {
    server = RedisProcess.start(directory);
    client = RedisClient.create(server.uri());
    redis = client.connect().sync();
  }

  @BeforeEach
  void clear() {
    redis.flushall();
  }

  @AfterEach
  void cleanUp() {
    client.shutdown();
    server.close();
  }

  private RedisBatchWriter.Builder writer() {
    return RedisBatchWriter.builder(server.uri())
        .map(TEXTS, RedisMapping.set("{id}", "value"))
        .map(COUNTS, RedisMapping.incrBy("{id}", "value"));
  }

  private static List<Outcome<Row>> submit(RedisBatchWriter writer, Row... rows) {
    return submit(writer, Retry.backoff(20, Duration.ofMillis(20)), rows);
  }

  private static List<Outcome<Row>> submit(
      RedisBatchWriter writer, RetryBackoffSpec retry, Row... rows) {
    BatchFlow flow = BatchFlow.builder(writer).retry(retry).build();
    try {
      List<Outcome<Row>> outcomes =
          flow.submitAll(Flux.just(rows)).collectList().block(Sandbox.PATIENCE);
      assertThat(outcomes).isNotNull().hasSize(rows.length);
      assertThat(flow.stats().ledger().isBalanced()).isTrue();
      return outcomes;
    } finally {
      flow.close().block(Sandbox.PATIENCE);
    }
  }

  private static Row text(String id, Object value) {
    return TEXTS.row().set("id", id).set("value", value);
  }

  private static Row count(String id, Object value) {
    return COUNTS.row().set("id", id).set("value", value);
  }

  private static Outcome<Row> of(List<Outcome<Row>> outcomes, Row row) {
    return outcomes.stream().filter(outcome -> outcome.row() == row).findFirst().orElseThrow();
  }

  @Test
  void tracesKnowRedisAndItsErrorsByTheirOwnNames() {
    redis.lpush("a", "no text");
    RedisBatchWriter writer = writer().build();

    Outcome<Row> rejected = submit(writer, count("a", 1)).get(0);

    assertThat(writer.system()).isEqualTo("redis");
    assertThat(rejected.error()).isNotNull();
    assertThat(writer.statusCode(rejected.error().getCause())).isEqualTo("WRONGTYPE");
    assertThat(writer.statusCode(new IllegalStateException())).isNull();
  }

  @Test
  void aKeyOfAnotherTypeAndAValueThatIsNoNumberCostThatRowAlone() {
    redis.rpush("list", "x");
    Row wrongType = count("list", 1);
    Row noNumber = count("n", "many");
    Row good = count("n", 5);

    List<Outcome<Row>> outcomes = submit(writer().build(), wrongType, noNumber, good);

    assertThat(of(outcomes, good).isWritten()).isTrue();
    assertThat(redis.get("n")).isEqualTo("5");
    for (Row bad : List.of(wrongType, noNumber)) {
      assertThat(of(outcomes, bad).error())
          .isInstanceOf(RowRejectedException.class)
          .cause()
          .isInstanceOf(RedisWriteException.class);
    }
    assertThat(of(outcomes, wrongType).error().getCause()).hasMessageContaining("WRONGTYPE");
  }

  @Test
  void aFullServerIsWaitedForWithALongerPause() throws InterruptedException {
    redis.configSet("maxmemory", "1");
    Thread relief = onceAnswered("OOM", () -> redis.configSet("maxmemory", "0"));
    RedisBatchWriter writer = writer().outOfMemoryPause(PAUSE).build();
    long start = System.nanoTime();

    List<Outcome<Row>> outcomes = submit(writer, text("a", "1"), text("b", "2"));

    relief.join();
    assertThat(outcomes).allMatch(Outcome::isWritten);
    assertThat(redis.get("a")).isEqualTo("1");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(PAUSE);
  }

  /** Runs something as soon as the server has answered with an error. */
  private Thread onceAnswered(String code, Runnable then) {
    Thread thread =
        new Thread(
            () -> {
              while (!redis.info("errorstats").contains("errorstat_" + code)) {
                Thread.onSpinWait();
              }
              then.run();
            });
    thread.start();
    return thread;
  }

  @Test
  void aBusyServerIsWaitedFor() {
    redis.configSet("lua-time-limit", "1");
    RedisFuture<String> script =
        client.connect().async().eval(BUSY_FOR_A_SECOND, ScriptOutputType.STATUS);

    List<Outcome<Row>> outcomes = submit(writer().build(), text("a", "1"));

    assertThat(outcomes).allMatch(Outcome::isWritten);
    assertThat(script.toCompletableFuture()).succeedsWithin(Sandbox.PATIENCE);
  }

  @Test
  void whatMayNotBeDoneIsSaidAtOnce() {
    redis.aclSetuser(
        "reader",
        AclSetuserArgs.Builder.on()
            .addPassword("secret")
            .allKeys()
            .addCommand(CommandType.GET)
            .addCommand(CommandType.PING)
            .addCommand(CommandType.CLIENT)
            .addCommand(CommandType.HELLO));
    RedisBatchWriter writer =
        RedisBatchWriter.builder("redis://reader:secret@localhost:" + server.port())
            .map(TEXTS, RedisMapping.set("{id}", "value"))
            .build();

    List<Outcome<Row>> outcomes = submit(writer, text("a", "1"), text("b", "2"));

    assertThat(outcomes)
        .allSatisfy(
            outcome ->
                assertThat(outcome.error())
                    .isInstanceOf(BatchWriteException.class)
                    .satisfies(
                        error -> assertThat(((BatchWriteException) error).attempts()).isEqualTo(1))
                    .cause()
                    .hasMessageContaining("NOPERM"));
  }

  @Test
  void aWrongPasswordIsSaidAtOnce() {
    RedisBatchWriter writer =
        RedisBatchWriter.builder("redis://nobody:wrong@localhost:" + server.port())
            .map(TEXTS, RedisMapping.set("{id}", "value"))
            .build();

    List<Outcome<Row>> outcomes = submit(writer, text("a", "1"));

    assertThat(outcomes.get(0).error())
        .isInstanceOf(BatchWriteException.class)
        .cause()
        .hasMessageContaining("refuses the connection");
    assertThat(((BatchWriteException) outcomes.get(0).error()).attempts()).isEqualTo(1);
  }

  @Test
  void aReplicaIsNotWrittenToUntilItIsTheMaster() throws InterruptedException {
    redis.replicaof("localhost", server.port() + 1);
    Thread promotion = onceAnswered("READONLY", redis::replicaofNoOne);

    List<Outcome<Row>> outcomes = submit(writer().build(), text("a", "1"));

    assertThat(outcomes).allMatch(Outcome::isWritten);
    promotion.join();
    assertThat(redis.get("a")).isEqualTo("1");
  }

  @Test
  void aBatchBeyondOneMsetIsWrittenWhole() {
    List<Row> rows = IntStream.range(0, 5_000).mapToObj(i -> text("k" + i, "v" + i)).toList();
    RedisBatchWriter writer = writer().build();

    BatchResult result = writer.write(Batch.of(rows)).block(Sandbox.PATIENCE);
    writer.close().block(Sandbox.PATIENCE);

    assertThat(result).isNotNull().satisfies(all -> assertThat(all.rejected()).isEmpty());
    assertThat(redis.dbsize()).isEqualTo(5_000);
    assertThat(redis.get("k4321")).isEqualTo("v4321");
    assertThat(redis.info("commandstats")).contains("cmdstat_mset:").doesNotContain("cmdstat_set:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LOADING Redis is loading the dataset in memory | TRANSIENT
          READONLY You can't write against a read only replica. | TRANSIENT
          CLUSTERDOWN Hash slot not served | TRANSIENT
          TRYAGAIN Multiple keys row during rehashing of slot | TRANSIENT
          MASTERDOWN Link with MASTER is down | TRANSIENT
          BUSY Redis is busy running a script. | TRANSIENT
          OOM command not allowed when used memory > 'maxmemory'. | TRANSIENT
          MISCONF Redis is configured to save RDB snapshots | TRANSIENT
          NOREPLICAS Not enough good replicas to write. | TRANSIENT
          EXECABORT Transaction discarded because of previous errors. | TRANSIENT
          ERR max number of clients reached | TRANSIENT
          NOAUTH Authentication required. | UNUSABLE
          NOPERM this user has no permissions to run the 'set' command | PERMANENT
          WRONGPASS invalid username-password pair or user is disabled. | UNUSABLE
          CROSSSLOT Keys in row don't hash to the same slot | PERMANENT
          ERR unknown command `FOO`, with args beginning with: `x` | PERMANENT
          WRONGTYPE Operation against a key holding the wrong kind of value | DATA
          ERR value is not an integer or out of range | DATA
          ERR The ID specified in XADD is equal or smaller than the target stream top item | DATA
          ERR Error running script (call to f_0): @user_script:1: -OOM command not allowed | TRANSIENT
          ERR Error running script (call to f_0): @user_script: 2: WRONGTYPE Operation | DATA
          SOMETHINGNEW that nobody knows yet | DATA
          """)
  void everyErrorHasAMeaning(String error, FailureKind kind) {
    assertThat(RedisErrors.kind(error)).isEqualTo(kind);
  }
}
