package io.batchflow.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each database: records are stored, changed, deleted and refused, and tables are created. */
@Tag("server")
class DatabasesTest extends SinkFixture {

  private @Nullable Connection connection;

  DatabasesTest() throws Exception {}

  @Override
  Connection connection() {
    return Objects.requireNonNull(connection);
  }

  @Test
  void postgres() throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection opened = database.connect()) {
      connection = opened;
      options.put("connection.url", database.server().r2dbcUrl("postgresql", null));
      createAndWiden();
      deleteConnector();
      widenTypes(true);
      deleteConnector();
    }
  }

  @Test
  void mariaDb() throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.mariaDb());
        Connection opened = database.connect()) {
      connection = opened;
      options.put("connection.url", database.server().r2dbcUrl("mariadb", null));
      storeChangeAndDelete("VARCHAR(20)");
      deleteConnector();
      createAndWiden();
      deleteConnector();
      widenTypes(false);
      deleteConnector();
    }
  }

  @Test
  void h2() throws Exception {
    try (Connection opened = DriverManager.getConnection("jdbc:h2:mem:" + topic)) {
      connection = opened;
      options.put("connection.url", "r2dbc:h2:mem:///" + topic);
      storeChangeAndDelete("VARCHAR(20)");
      deleteConnector();
      createAndWiden();
      deleteConnector();
      widenTypes(true);
      deleteConnector();
    }
  }

  @Test
  void sqlite(@TempDir Path directory) throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("orders.db");
    try (Connection opened = DriverManager.getConnection(url)) {
      connection = opened;
      options.put("connection.url", url);
      storeChangeAndDelete("TEXT");
      deleteConnector();
      createAndWiden();
      deleteConnector();
    }
  }

  /** A table is created, and a column is added when records have it. */
  private void createAndWiden() throws Exception {
    options.remove("key.converter");
    options.remove("key.converter.schemas.enable");
    withSchemas();
    String table = topic + "_new";
    options.put("collection.name.format", "${topic}_new");
    options.put("schema.evolution", "basic");
    options.put("primary.key.mode", "record_key");
    options.put("primary.key.fields", "code");
    String first =
        """
        {"field":"item","type":"string"},
        {"field":"price","type":"bytes","name":"org.apache.kafka.connect.data.Decimal",
         "version":1,"parameters":{"scale":"2"}},
        {"field":"day","type":"int32","name":"org.apache.kafka.connect.data.Date","version":1}
        """;
    String fields = "\"item\":\"tea\",\"price\":\"MDk=\",\"day\":19675";
    for (int i = 0; i < 100; i++) {
      send(0, "k" + i, record(first, fields));
    }
    String second = first + ",{\"field\":\"order\",\"type\":\"int64\",\"optional\":true}";
    send(0, "k0", record(second, fields + ",\"order\":7"));
    send(0, "k1", record(first, fields.replace("tea", "salt")));
    worker.broker.flush();
    start();

    awaitCommits();
    assertThat(one("SELECT COUNT(*) FROM " + quoted(table))).isEqualTo("100");
    assertThat(
            one(
                "SELECT "
                    + quoted("order")
                    + " FROM "
                    + quoted(table)
                    + " WHERE "
                    + quoted("code")
                    + " = 'k0'"))
        .isEqualTo("7");
    assertThat(
            one(
                "SELECT "
                    + quoted("price")
                    + " FROM "
                    + quoted(table)
                    + " WHERE "
                    + quoted("item")
                    + " = 'salt'"))
        .isEqualTo("123.45");
  }

  /** A column of numbers gets the wider type of its field, or the reason has the statement. */
  private void widenTypes(boolean altered) throws Exception {
    run("CREATE TABLE " + topic + "_wide (code VARCHAR(9) PRIMARY KEY, qty INT, item VARCHAR(3))");
    deadLetters();
    options.put("collection.name.format", "${topic}_wide");
    String fields = "{\"field\":\"qty\",\"type\":\"%s\"},{\"field\":\"item\",\"type\":\"string\"}";
    send(0, "w1", record(fields.formatted("int32"), "\"qty\":1,\"item\":\"tea\""));
    send(0, "w2", record(fields.formatted("int64"), "\"qty\":2,\"item\":\"tea\""));
    send(0, "w3", record(fields.formatted("int64"), "\"qty\":5000000000,\"item\":\"tea\""));
    send(0, "w4", record(fields.formatted("int32"), "\"qty\":4,\"item\":\"milk\""));
    worker.broker.flush();
    start();

    awaitCommits();
    String counted = "SELECT COUNT(*) FROM " + topic + "_wide WHERE code IN ('w1', 'w2', 'w3')";
    assertThat(one(counted)).isEqualTo(altered ? "3" : "2");
    assertThat(one("SELECT COUNT(*) FROM " + topic + "_wide WHERE code = 'w4'")).isEqualTo("0");
    await(() -> letters(0).stream().filter(DatabasesTest::hasStatement).count(), altered ? 1L : 2L);
  }

  private static boolean hasStatement(ConsumerRecord<String, String> letter) {
    return header(letter, "exception.message").contains("To widen it, run: ALTER");
  }

  private static String record(String fields, String payload) {
    return "{\"schema\":{\"type\":\"struct\",\"fields\":["
        + fields
        + "]},\"payload\":{"
        + payload
        + "}}";
  }

  private String quoted(String name) throws Exception {
    String quote = connection().getMetaData().getIdentifierQuoteString();
    return quote + name + quote;
  }

  private void storeChangeAndDelete(String text) throws Exception {
    run(
        "CREATE TABLE "
            + topic
            + " (id BIGINT PRIMARY KEY, item "
            + text
            + ", qty INT CHECK (qty >= 0))");
    deadLetters();
    options.put("primary.key.mode", "record_key");
    options.put("delete.enabled", "true");
    options.put("key.converter", "org.apache.kafka.connect.json.JsonConverter"); // keys are numbers
    options.put("key.converter.schemas.enable", "false");
    send(0, "1", "{\"item\":\"tea\",\"qty\":1}");
    send(0, "2", "{\"item\":\"tea\",\"qty\":-1}");
    send(0, "3", "{\"item\":\"tea\",\"qty\":3}");
    send(0, "1", "{\"item\":\"salt\"}");
    send(0, "3", null);
    worker.broker.flush();
    start();

    awaitCommits();
    assertThat(rows()).isEqualTo(1);
    assertThat(one("SELECT item FROM " + topic + " WHERE id = 1 AND qty = 1")).isEqualTo("salt");
    assertThat(letters(1)).hasSize(1);
  }
}
