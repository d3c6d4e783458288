package io.batchflow.kafka.connect;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.sink.SinkTask;

/** The parsed options of a task. Immutable. */
final class SinkConfig {

  static final List<String> KAFKA_KEY =
      List.of("__connect_topic", "__connect_partition", "__connect_offset");

  final List<String> topics;
  final String url;
  final String username;
  final String password;
  final int connections;
  final InsertMode insertMode;
  final boolean deletes;
  final int batchSize;
  final int inFlight;
  final long retryMillis;
  final long drainMillis;
  final SchemaEvolution evolution;
  final KeyMode keyMode;
  final List<String> keyFields;
  final Set<String> included;
  final Set<String> excluded;
  final Map<String, String> renamed;
  private final String tableFormat;
  private final Map<String, String> tables;

  SinkConfig(Map<String, String> properties) {
    AbstractConfig given = new AbstractConfig(SinkOptions.all(), properties, false);
    topics =
        Arrays.stream(
                Objects.requireNonNullElse(properties.get(SinkTask.TOPICS_CONFIG), "").split(","))
            .map(String::trim)
            .filter(topic -> !topic.isEmpty())
            .toList();
    url = given.getString(SinkOptions.URL);
    username = given.getString(SinkOptions.USERNAME);
    password = given.getPassword(SinkOptions.PASSWORD).value();
    connections = given.getInt(SinkOptions.CONNECTIONS);
    insertMode = valueOf(InsertMode.class, given.getString(SinkOptions.INSERT_MODE));
    deletes = given.getBoolean(SinkOptions.DELETES);
    batchSize = given.getInt(SinkOptions.BATCH_SIZE);
    inFlight = given.getInt(SinkOptions.IN_FLIGHT);
    retryMillis = given.getLong(SinkOptions.RETRY_TIMEOUT);
    drainMillis = given.getLong(SinkOptions.DRAIN_TIMEOUT);
    evolution = valueOf(SchemaEvolution.class, given.getString(SinkOptions.EVOLUTION));
    keyMode = valueOf(KeyMode.class, given.getString(SinkOptions.KEY_MODE));
    List<String> fields = given.getList(SinkOptions.KEY_FIELDS);
    keyFields = fields.isEmpty() && keyMode == KeyMode.KAFKA ? KAFKA_KEY : List.copyOf(fields);
    included = Set.copyOf(given.getList(SinkOptions.INCLUDED));
    excluded = Set.copyOf(given.getList(SinkOptions.EXCLUDED));
    renamed = Map.copyOf(Pairs.of(given.getList(SinkOptions.RENAMED)));
    tableFormat = given.getString(SinkOptions.TABLE_FORMAT);
    tables = Map.copyOf(Pairs.of(given.getList(SinkOptions.TABLE_MAP)));
  }

  private static <E extends Enum<E>> E valueOf(Class<E> type, String name) {
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
  }

  String table(String topic) {
    String mapped = tables.get(topic);
    return mapped != null
        ? mapped
        : tableFormat.replace(SinkOptions.TOPIC, topic.replace('.', '_'));
  }

  /** Returns the columns of the key; empty if it is the primary key of the table. */
  List<String> keyColumns() {
    return keyMode == KeyMode.KAFKA ? keyFields : keyFields.stream().map(this::column).toList();
  }

  boolean isStored(String field) {
    return (keyMode == KeyMode.RECORD_VALUE && keyFields.contains(field)) || isChosen(field);
  }

  private boolean isChosen(String field) {
    return (included.isEmpty() || included.contains(field)) && !excluded.contains(field);
  }

  String column(String field) {
    return renamed.getOrDefault(field, field);
  }

  /** Returns what contradicts itself, by option, each with the remedy. */
  Map<String, String> problems() {
    Map<String, String> problems = new HashMap<>();
    if (insertMode.needsKey() && keyMode == KeyMode.NONE) {
      problems.put(
          SinkOptions.KEY_MODE,
          "insert.mode=" + SinkOptions.name(insertMode) + " needs a key: say where it comes from");
    }
    if (deletes && insertMode != InsertMode.UPSERT) {
      problems.put(
          SinkOptions.DELETES,
          "Deletes need an order of the rows of a key: set insert.mode=upsert");
    }
    if (deletes && keyMode == KeyMode.KAFKA) {
      problems.put(
          SinkOptions.DELETES, "Each record has a key of its own under primary.key.mode=kafka");
    }
    if (keyMode == KeyMode.KAFKA && keyFields.size() != KAFKA_KEY.size()) {
      problems.put(
          SinkOptions.KEY_FIELDS, "Name the columns of the topic, the partition and the offset");
    }
    if (keyMode == KeyMode.RECORD_HEADER && keyFields.isEmpty()) {
      problems.put(SinkOptions.KEY_FIELDS, "Name the headers that are the key");
    }
    if (evolution == SchemaEvolution.BASIC
        && keyMode == KeyMode.RECORD_VALUE
        && keyFields.isEmpty()) {
      problems.put(
          SinkOptions.KEY_FIELDS, "Name the columns that are the key of a table that is created");
    }
    if (RedisBackend.isUri(url)) {
      addRedisProblems(problems);
    }
    return problems;
  }

  /** Its hashes have no columns that could be read. */
  private void addRedisProblems(Map<String, String> problems) {
    if (keyMode == KeyMode.NONE) {
      problems.put(SinkOptions.KEY_MODE, "A hash of Redis needs a key: say where it comes from");
    } else if (keyFields.isEmpty()) {
      problems.put(SinkOptions.KEY_FIELDS, "Name the fields that are the key of a hash of Redis");
    }
    if (keyFields.containsAll(included)) {
      problems.put(SinkOptions.INCLUDED, "Name the fields that a hash of Redis has");
    }
    if (evolution != SchemaEvolution.NONE) {
      problems.put(SinkOptions.EVOLUTION, "Redis has no tables: set it to none");
    }
    if (topics.isEmpty()) {
      problems.put(SinkOptions.URL, "For Redis, name the topics in topics instead of topics.regex");
    }
  }
}
