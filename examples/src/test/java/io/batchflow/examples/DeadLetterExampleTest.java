package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.Schema;
import io.batchflow.deadletter.DeadLetter;
import io.batchflow.deadletter.DeadLetterFile;
import io.batchflow.deadletter.DeadLetters;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.RedisMapping;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import reactor.core.publisher.Flux;

/**
 * Examples to copy from: rejected rows are kept in a file, a table or a Redis stream, and replayed.
 */
@Tag("server")
class DeadLetterExampleTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Schema ORDERS = Schema.table("orders").columns("id", "amount").build();

  private final Path directory;
  private final String db;

  DeadLetterExampleTest(@TempDir Path directory) {
    this.directory = directory;
    this.db = "jdbc:sqlite:" + directory.resolve("orders.db");
  }

  private void run(String sql) {
    try (Target target = Target.open(db)) {
      target.execute(sql);
    }
  }

  private String count(String sql) {
    try (Target target = Target.open(db)) {
      return String.valueOf(target.query(sql).get(0).get(0));
    }
  }

  private BatchWriter writer() {
    try (Target target = Target.open(db)) {
      return target.writer();
    }
  }

  /** Loads a hundred rows. The database rejects ten of them. */
  private void load(BatchFlow flow) {
    run(
        "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, amount INTEGER CHECK (amount > 0))");
    flow.submitAll(Flux.range(1, 100).map(id -> ORDERS.row().set("id", id).set("amount", id % 10)))
        .blockLast(PATIENCE);
    flow.close().block(PATIENCE);
    assertThat(flow.stats().deadLetters()).isEqualTo(10);
  }

  private void mend() {
    run("DROP TABLE orders");
    run("CREATE TABLE orders (id INTEGER PRIMARY KEY, amount INTEGER)");
  }

  private String replay(int exitCode, String... args) {
    StringWriter printed = new StringWriter();
    CommandLine command = Replay.commandLine().setOut(new PrintWriter(printed));
    command.setErr(new PrintWriter(printed));
    assertThat(command.execute(args)).as(printed.toString()).isEqualTo(exitCode);
    return printed.toString();
  }

  @Test
  void throughAFile() {
    BatchWriter writer = writer();
    Path path = directory.resolve("rejected.jsonl");
    try (DeadLetterFile letters = DeadLetterFile.open(path)) {
      BatchFlow flow = BatchFlow.builder(writer).deadLetter(letters).build();
      load(flow);
    }
    String again = replay(1, "--file", path.toString(), "--db", db, "--table", "orders");
    assertThat(again)
        .startsWith("0 letters stored, 10 rejected again")
        .contains("CHECK constraint");

    mend();
    assertThat(
            replay(
                0, "--file", path.toString(), "--db", db, "--table", "orders", "--reason", "CHECK"))
        .isEqualTo("10 letters stored, 0 rejected again\n");
    assertThat(count("SELECT COUNT(*) FROM orders")).isEqualTo("10");
    assertThat(replay(2, "--file", path.toString(), "--db", db, "--table", "nothing"))
        .contains("There are no such letters of table 'nothing'");
    assertThat(
            replay(
                2,
                "--file",
                path.toString(),
                "--db",
                db,
                "--table",
                "orders",
                "--since",
                Instant.now().toString()))
        .contains("no such letters");
  }

  @Test
  void throughATable() {
    run(
        "CREATE TABLE dead_letters (id VARCHAR(36) PRIMARY KEY, rejected_at VARCHAR(27) NOT NULL,"
            + " table_name VARCHAR(200) NOT NULL, reason VARCHAR(100) NOT NULL,"
            + " attempts INTEGER NOT NULL, letter TEXT NOT NULL)");
    BatchFlow letters = BatchFlow.builder(writer()).build();
    Schema table = DeadLetters.schema("dead_letters");
    BatchFlow flow =
        BatchFlow.builder(writer()).deadLetter(DeadLetters.through(letters, table)).build();
    load(flow);
    letters.close().block(PATIENCE);

    mend();
    String[] args = {"--letters", "dead_letters", "--db", db, "--table", "orders"};
    assertThat(replay(0, args)).startsWith("10 letters stored");
    assertThat(replay(1, args)).startsWith("0 letters stored, 10 rejected again");
  }

  @Test
  void throughARedisStream() {
    TestServer server = TestServers.redis();
    String uri = "redis://" + server.host() + ":" + server.port();
    String stream = "rejected:" + UUID.randomUUID();

    Schema schema = Schema.table("dead_letters").columns(DeadLetters.COLUMNS).build();
    RedisBatchWriter redis =
        RedisBatchWriter.builder(uri).map(schema, RedisMapping.xadd(stream)).build();
    BatchFlow letters = BatchFlow.builder(redis).build();
    load(BatchFlow.builder(writer()).deadLetter(DeadLetters.through(letters, schema)).build());
    letters.close().block(PATIENCE);

    RedisClient client = RedisClient.create(uri);
    List<StreamMessage<String, String>> messages =
        client.connect().sync().xrange(stream, Range.unbounded());
    client.shutdown();
    assertThat(messages).hasSize(10);
    assertThat(messages)
        .map(message -> DeadLetter.parse(message.getBody().get("letter")).table())
        .containsOnly("orders");
  }
}
