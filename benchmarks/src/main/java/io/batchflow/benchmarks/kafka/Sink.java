package io.batchflow.benchmarks.kafka;

import io.batchflow.testservers.TestServer;
import java.util.HashMap;
import java.util.Map;

/**
 * A sink connector.
 *
 * @param name the name in tables and figures
 * @param options those that it has beyond the common ones
 */
public record Sink(String name, Map<String, String> options) {

  /** The tasks of each connector, each with one connection in use. */
  static final int TASKS = 4;

  private static final int BATCH = 2_000;

  private static final Map<String, String> OURS =
      Map.of(
          "connector.class",
          "io.batchflow.kafka.connect.BatchFlowSinkConnector",
          "connection.pool.max_size",
          "1");

  private static final Map<String, String> DEBEZIUM =
      Map.of("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");

  /** The connector of this project. */
  public static final Sink BATCHFLOW = new Sink("batchflow", OURS);

  /** Debezium's sink with its defaults: batches of JDBC. */
  public static final Sink DEBEZIUM_PLAIN = new Sink("debezium_plain", DEBEZIUM);

  /** Debezium's sink with one statement for each batch, whose rows are reduced by key. */
  public static final Sink DEBEZIUM_UNNEST =
      new Sink(
          "debezium_unnest",
          with(
              DEBEZIUM,
              Map.of(
                  "dialect.postgres.unnest.insert.enabled",
                  "true",
                  "use.reduction.buffer",
                  "true")));

  /** The same without the buffer, which is its default. */
  public static final Sink DEBEZIUM_UNNEST_ONLY =
      new Sink(
          "debezium_unnest_only",
          with(DEBEZIUM, Map.of("dialect.postgres.unnest.insert.enabled", "true")));

  /** Reads and converts records, and drops them before the connector. */
  public static final Sink NOTHING =
      new Sink(
          "nothing",
          with(
              OURS,
              Map.of(
                  "transforms",
                  "drop",
                  "transforms.drop.type",
                  "org.apache.kafka.connect.transforms.Filter")));

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(some);
    all.putAll(more);
    return Map.copyOf(all);
  }

  /** Returns all options, with what is the same for each sink. */
  Map<String, String> all(String topic, TestServer database) {
    Map<String, String> all = new HashMap<>(options);
    all.put("topics", topic);
    all.put("tasks.max", String.valueOf(TASKS));
    all.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    all.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    all.put("value.converter.schemas.enable", "true");
    all.put("value.converter.schema.content", Orders.SCHEMA);
    all.put("consumer.override.max.poll.records", String.valueOf(BATCH));
    all.put("batch.size", String.valueOf(BATCH));
    all.put(
        "connection.url",
        "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database());
    all.put("connection.username", database.user());
    all.put("connection.password", database.password());
    all.put("collection.name.format", "orders");
    all.put("insert.mode", "upsert");
    all.put("primary.key.mode", "record_value");
    all.put("primary.key.fields", "id");
    all.put("schema.evolution", "none");
    all.put("errors.tolerance", "all");
    all.put("errors.deadletterqueue.topic.name", letters(topic));
    all.put("errors.deadletterqueue.topic.replication.factor", "1");
    all.put("errors.deadletterqueue.context.headers.enable", "true");
    return all;
  }

  /** Returns the topic of the dead letters of this sink. */
  String letters(String topic) {
    return topic + "_letters_" + name;
  }
}
