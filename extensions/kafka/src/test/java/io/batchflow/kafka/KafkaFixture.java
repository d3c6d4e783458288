package io.batchflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testkafka.KafkaBroker;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A topic, a table and a flow between them, new for each test. */
abstract class KafkaFixture {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final Schema ORDERS =
      Schema.table("orders")
          .columns("id", "item")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  static final Schema PLAIN = Schema.table("orders").columns("id", "item").build();

  private static final AtomicInteger NUMBER = new AtomicInteger();

  final KafkaBroker broker = KafkaBroker.shared();
  final String topic = "orders-" + NUMBER.incrementAndGet();
  final String group = "group-of-" + topic;
  final Map<String, Object> consumer = new HashMap<>();
  private final String database = topic.replace('-', '_');
  private final List<BatchFlow> flows = new ArrayList<>();
  private final List<KafkaIngest> ingests = new ArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Connection connection;

  KafkaFixture() throws SQLException {
    connection = DriverManager.getConnection("jdbc:h2:mem:" + database);
    consumer.put("bootstrap.servers", broker.servers);
    consumer.put("group.id", group);
  }

  @BeforeEach
  void createTable() throws SQLException {
    run("CREATE TABLE orders (id BIGINT PRIMARY KEY, item VARCHAR(10))");
  }

  void closeIngests() {
    ingests.forEach(ingest -> ingest.close().block(PATIENCE));
  }

  @AfterEach
  void closeAll() throws SQLException {
    closeIngests();
    flows.forEach(flow -> flow.close(Duration.ofSeconds(1)).block(PATIENCE));
    connection.close();
  }

  BatchWriter writer() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:" + database);
    return JdbcBatchWriter.create(source, Dialects.h2());
  }

  BatchFlow flow(BatchWriter writer) {
    return flow(writer, BatchPolicy.defaults());
  }

  BatchFlow flow(BatchWriter writer, BatchPolicy policy) {
    return own(BatchFlow.builder(writer).defaultPolicy(policy).build());
  }

  /** Closes a flow at the end. */
  BatchFlow own(BatchFlow flow) {
    flows.add(flow);
    return flow;
  }

  /** An ingest of orders, whose keys are ids. */
  KafkaIngest.Builder ingest(BatchFlow flow) {
    return KafkaIngest.builder(flow, consumer)
        .topics(topic)
        .commitInterval(Duration.ofMillis(50))
        .mapper(new StringDeserializer(), new StringDeserializer(), KafkaFixture::order);
  }

  /** Rows that may be stored once only: a record that is stored twice is rejected. */
  KafkaIngest.Builder plain(BatchFlow flow) {
    return ingest(flow)
        .mapper(
            new StringDeserializer(),
            new StringDeserializer(),
            order -> PLAIN.row().set("id", Long.parseLong(order.key())).set("item", order.value()));
  }

  KafkaIngest started(KafkaIngest.Builder builder) {
    KafkaIngest ingest = builder.build();
    ingests.add(ingest);
    ingest.done().subscribe(nothing -> {}, failures::add);
    ingest.start();
    return ingest;
  }

  static @Nullable Row order(ConsumerRecord<String, String> order) {
    long id = Long.parseLong(order.key());
    if (order.value() == null) {
      return ORDERS.delete().set("id", id);
    }
    return order.value().equals("skipped")
        ? null
        : ORDERS.row().set("id", id).set("item", order.value());
  }

  void send(int partition, long id, @Nullable String item) {
    broker.send(topic, partition, String.valueOf(id), item);
  }

  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long count(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  long rows() throws SQLException {
    return count("SELECT COUNT(*) FROM orders");
  }

  long committed(int partition) throws Exception {
    return broker.committed(group).getOrDefault(new TopicPartition(topic, partition), -1L);
  }

  /** Looks again and again until a value is there; a step of a broker has no event to wait for. */
  <T> void await(Callable<T> look, T wanted) throws Exception {
    long start = System.nanoTime();
    T seen = look.call();
    while (!wanted.equals(seen) && System.nanoTime() - start < PATIENCE.toNanos()) {
      LockSupport.parkNanos(1_000_000);
      seen = look.call();
    }
    assertThat(seen)
        .as("%s %s", failures, ingests.stream().map(KafkaIngest::stats).toList())
        .isEqualTo(wanted);
  }
}
