package io.batchflow.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A topic, and a connector of the same name in a real worker, new for each test. */
abstract class SinkFixture {

  static final int PARTITIONS = 4;

  private static final long PATIENCE_NANOS = Duration.ofSeconds(90).toNanos();
  private static final AtomicInteger NUMBER = new AtomicInteger();

  final ConnectWorker worker = ConnectWorker.shared();
  final String topic = "sink_" + NUMBER.incrementAndGet();
  final Map<String, String> options = new HashMap<>();
  long sent;

  SinkFixture() throws Exception {
    worker.broker.createTopic(topic, PARTITIONS);
    options.put("connector.class", BatchFlowSinkConnector.class.getName());
    options.put("name", topic);
    options.put("tasks.max", "1");
    options.put("topics", topic);
    options.put("insert.mode", "upsert");
  }

  /** Returns a connection to the database of the test. */
  abstract Connection connection();

  @AfterEach
  void deleteConnector() throws Exception {
    worker.delete(topic);
    await(() -> worker.status(topic).contains("No status found"), true);
  }

  void run(String sql) throws SQLException {
    try (Statement statement = connection().createStatement()) {
      statement.execute(sql);
    }
  }

  String one(String sql) throws SQLException {
    try (Statement statement = connection().createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).as(sql).isTrue();
      return String.valueOf(result.getString(1));
    }
  }

  long rows() throws SQLException {
    return Long.parseLong(one("SELECT COUNT(*) FROM " + topic));
  }

  String json() throws JsonProcessingException {
    return new ObjectMapper().writeValueAsString(options);
  }

  void start() throws Exception {
    worker.put(topic, json());
  }

  void withSchemas() {
    options.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    options.put("value.converter.schemas.enable", "true");
  }

  void deadLetters() {
    options.put("errors.tolerance", "all");
    options.put("errors.deadletterqueue.topic.name", topic + "_letters");
    options.put("errors.deadletterqueue.topic.replication.factor", "1");
    options.put("errors.deadletterqueue.context.headers.enable", "true");
  }

  void send(@Nullable String key, @Nullable String value) {
    send((int) (sent % PARTITIONS), key, value);
  }

  void send(int partition, @Nullable String key, @Nullable String value) {
    worker.broker.send(topic, partition, key, value);
    sent++;
  }

  /** Sends orders whose ids go on from those of the last call. */
  void sendOrders(int orders) {
    for (int i = 0; i < orders; i++) {
      send(null, "{\"id\":" + sent + ",\"item\":\"tea\",\"qty\":1}");
    }
    worker.broker.flush();
  }

  /** Looks again and again until a value is there; a step of a worker has no event to wait for. */
  <T> void await(Callable<T> look, T wanted) throws Exception {
    long start = System.nanoTime();
    T seen = look.call();
    while (!wanted.equals(seen) && System.nanoTime() - start < PATIENCE_NANOS) {
      LockSupport.parkNanos(5_000_000);
      seen = look.call();
    }
    assertThat(seen).as(worker.status(topic)).isEqualTo(wanted);
  }

  /** Waits until the offsets of all records that were sent are committed. */
  void awaitCommits() throws Exception {
    await(this::committed, sent);
  }

  long committed() throws Exception {
    return worker.broker.committed("connect-" + topic).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Returns all dead letters, when there are at least so many. */
  List<ConsumerRecord<String, String>> letters(int wanted) {
    List<ConsumerRecord<String, String>> letters = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", worker.broker.servers),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition only = new TopicPartition(topic + "_letters", 0);
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      long start = System.nanoTime();
      while (consumer.position(only) < consumer.endOffsets(List.of(only)).get(only)
          || (letters.size() < wanted && System.nanoTime() - start < PATIENCE_NANOS)) {
        consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
      }
    }
    return letters;
  }

  static String header(ConsumerRecord<String, String> letter, String name) {
    return new String(
        letter.headers().lastHeader("__connect.errors." + name).value(),
        java.nio.charset.StandardCharsets.UTF_8);
  }
}
