package io.batchflow.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The connector in a real worker, with a real broker and PostgreSQL. */
@Tag("server")
class BatchFlowSinkTest extends SinkFixture {

  private TestDatabase database;
  private Connection connection;

  BatchFlowSinkTest() throws Exception {}

  @Override
  Connection connection() {
    return connection;
  }

  @BeforeEach
  void create() throws Exception {
    database = TestDatabase.on(TestServers.postgres());
    connection = database.connect();
    run("CREATE TABLE " + topic + " (id BIGINT PRIMARY KEY, item TEXT, qty INT CHECK (qty >= 0))");
    TestServer server = database.server();
    options.put(
        "connection.url",
        "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database());
    options.put("connection.username", server.user());
    options.put("connection.password", server.password());
    options.put("primary.key.mode", "record_value");
  }

  /** After the connector is deleted. */
  @AfterEach
  @Override
  void deleteConnector() throws Exception {
    super.deleteConnector();
    connection.close();
    database.close();
  }

  @Test
  void recordsAreStoredAndCommitted() throws Exception {
    options.put("tasks.max", "2");
    sendOrders(5_000);
    start();

    await(this::rows, 5_000L);
    awaitCommits();
    assertThat(worker.status(topic)).doesNotContain("FAILED");
  }

  @Test
  void theLastRecordOfAKeyWins() throws Exception {
    options.put("tasks.max", "2");
    options.put("primary.key.mode", "record_key");
    for (int i = 0; i < 2_000; i++) {
      send(i % PARTITIONS, String.valueOf(i % 40), "{\"item\":\"v" + i + "\",\"qty\":0}");
    }
    worker.broker.flush();
    start();

    awaitCommits();
    assertThat(rows()).isEqualTo(40);
    assertThat(one("SELECT string_agg(item, ',' ORDER BY id) FROM " + topic + " WHERE id < 3"))
        .isEqualTo("v1960,v1961,v1962");
  }

  @Test
  void exactlyTheRecordsThatCannotBeStoredAreErrant() throws Exception {
    options.put("tasks.max", "2");
    deadLetters();
    for (int id = 0; id < 2_000; id++) {
      send(null, "{\"id\":" + id + ",\"item\":\"tea\",\"qty\":" + (id % 200 == 7 ? -1 : 1) + "}");
    }
    send(null, "{\"id\":2000,\"item\":\"tea\",\"colour\":\"red\"}");
    send(null, "\"no fields\"");
    worker.broker.flush();
    start();

    awaitCommits();
    assertThat(rows()).isEqualTo(1_990);
    List<ConsumerRecord<String, String>> letters = letters(12);
    assertThat(letters).hasSize(12);
    assertThat(letters.stream().filter(letter -> letter.value().contains("-1"))).hasSize(10);
    assertThat(letters)
        .allSatisfy(letter -> assertThat(header(letter, "exception.message")).doesNotContain("tea"))
        .anySatisfy(letter -> assertThat(header(letter, "exception.message")).contains("colour"));
    assertThat(worker.status(topic)).doesNotContain("FAILED");
  }

  @Test
  void withoutADeadLetterQueueTheTaskFails() throws Exception {
    send(null, "{\"id\":1,\"item\":\"tea\",\"qty\":-1}");
    worker.broker.flush();
    start();

    await(() -> worker.status(topic).contains("FAILED"), true);
    assertThat(worker.status(topic)).contains("errors.deadletterqueue.topic.name");
    assertThat(committed()).isZero();
  }

  /** Each record is a plain insert, so a record that is stored twice would become a letter. */
  @Test
  void tasksThatComeAndGoRepeatNothing() throws Exception {
    deadLetters();
    options.put("insert.mode", "insert");
    options.put("primary.key.mode", "none");
    start();
    for (int round = 0; round < 3; round++) {
      long before = rows();
      sendOrders(1_500);
      await(() -> rows() > before, true);
      options.put("tasks.max", String.valueOf(1 + round));
      start();
    }
    send(null, "{\"id\":-1,\"item\":\"tea\",\"qty\":-1}");
    sendOrders(500);

    awaitCommits();
    assertThat(rows()).isEqualTo(sent - 1);
    assertThat(letters(1)).hasSize(1);
  }

  @Test
  void tombstonesAndEventsOfDebeziumDelete() throws Exception {
    options.put("primary.key.mode", "record_key");
    options.put("delete.enabled", "true");
    send(0, "1", "{\"item\":\"tea\"}");
    send(0, "1", null);
    send(0, "2", event("c", "null", "{\"id\":2,\"item\":\"tea\"}"));
    send(0, "2", event("u", "null", "{\"id\":2,\"item\":\"milk\"}"));
    send(0, "3", event("c", "null", "{\"id\":3,\"item\":\"salt\"}"));
    send(0, "3", event("d", "{\"id\":3}", "null"));
    send(0, "3", null);
    worker.broker.flush();
    start();

    awaitCommits();
    assertThat(one("SELECT string_agg(id || item, ',') FROM " + topic)).isEqualTo("2milk");
  }

  /** Their offsets pass too, although the task never sees them. */
  @Test
  void recordsThatATransformationDropsPass() throws Exception {
    options.put("transforms", "drop");
    options.put("transforms.drop.type", "org.apache.kafka.connect.transforms.Filter");
    options.put("transforms.drop.predicate", "tombstone");
    options.put("predicates", "tombstone");
    options.put(
        "predicates.tombstone.type",
        "org.apache.kafka.connect.transforms.predicates.RecordIsTombstone");
    send(0, "1", null);
    send(1, null, "{\"id\":1,\"item\":\"tea\"}");
    send(1, "2", null);
    worker.broker.flush();
    start();

    awaitCommits();
    assertThat(rows()).isEqualTo(1);
  }

  private static String event(String operation, String before, String after) {
    return "{\"op\":\""
        + operation
        + "\",\"before\":"
        + before
        + ",\"after\":"
        + after
        + ",\"source\":{}}";
  }

  @Test
  void structsWithLogicalTypesAreStored() throws Exception {
    run(
        "CREATE TABLE shop_typed (id BIGINT PRIMARY KEY, price NUMERIC(10,2), at TIMESTAMPTZ,"
            + " day DATE, local TIMESTAMP, more JSONB, data BYTEA)");
    withSchemas();
    options.put("collection.name.format", "shop_typed");
    options.put("field.rename.list", "amount:price");
    options.put("field.exclude.list", "secret");
    String fields =
        """
        {"field":"id","type":"int64"},
        {"field":"amount","type":"bytes","name":"org.apache.kafka.connect.data.Decimal",
         "version":1,"parameters":{"scale":"2"}},
        {"field":"at","type":"int64","name":"org.apache.kafka.connect.data.Timestamp","version":1},
        {"field":"day","type":"int32","name":"org.apache.kafka.connect.data.Date","version":1},
        {"field":"local","type":"int64","name":"io.debezium.time.MicroTimestamp","version":1},
        {"field":"more","type":"struct","fields":[{"field":"a","type":"int32"}]},
        {"field":"data","type":"bytes"},
        {"field":"secret","type":"string"}
        """;
    send(
        null,
        "{\"schema\":{\"type\":\"struct\",\"fields\":["
            + fields
            + "]},\"payload\":{\"id\":1,\"amount\":\"MDk=\",\"at\":1700000000000,\"day\":19675,"
            + "\"local\":1700000000000001,\"more\":{\"a\":7},\"data\":\"AQI=\",\"secret\":\"s\"}}");
    worker.broker.flush();
    start();

    awaitCommits();
    run("SET TIME ZONE 'UTC'");
    assertThat(one("SELECT concat_ws('|', price, at, day, local, more, data) FROM shop_typed"))
        .isEqualTo(
            "123.45|2023-11-14 22:13:20+00|2023-11-14|2023-11-14 22:13:20.000001|{\"a\":"
                + " 7}|\\x0102");
  }

  @Test
  void aTableThatStandsStillPausesTheTask() throws Exception {
    options.put("max.in.flight.records", "1000");
    options.put("consumer.override.max.poll.interval.ms", "3000");
    options.put("drain.timeout.ms", "500");
    start();
    sendOrders(100);
    await(this::rows, 100L);
    try (Connection other = database.connect();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE " + topic + " IN ACCESS EXCLUSIVE MODE");
      sendOrders(8_000);
      LockSupport.parkNanos(Duration.ofSeconds(6).toNanos());
      assertThat(worker.status(topic)).contains("RUNNING").doesNotContain("FAILED");
      assertThat(committed()).isLessThanOrEqualTo(100);
      other.rollback();
    }

    awaitCommits();
    assertThat(rows()).isEqualTo(sent);
    assertThat(worker.status(topic)).doesNotContain("FAILED");
  }

  @Test
  void wrongOptionsFailTheCheckWithTheRemedy() throws Exception {
    start();
    assertThat(worker.validate(json())).contains("\"error_count\":0");

    assertWrong("topics", "absent_table", "absent_table");
    assertWrong("connection.url", "jdbc:postgresql://localhost:1/none", "cannot be reached");
    assertWrong(
        "connection.url",
        "postgres://user:geheim@localhost/none",
        "Give a URL such as r2dbc:postgresql://host:5432/database");
    assertWrong("connection.url", "jdbc:postgresql://h/d?ssl=true", "Give an R2DBC URL");
    assertWrong("primary.key.mode", "none", "insert.mode=upsert needs a key");
    assertWrong("insert.mode", "replace", "String must be one of: insert, upsert, update, ignore");
  }

  private void assertWrong(String option, String value, String message) throws Exception {
    String right = options.put(option, value);
    assertThat(worker.validate(json())).contains("\"error_count\":1", message);
    options.put(option, right);
  }
}
