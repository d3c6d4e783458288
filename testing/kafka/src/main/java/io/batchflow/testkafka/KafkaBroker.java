package io.batchflow.testkafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/** A broker in the JVM of the tests. It starts once and ends with the JVM. */
public final class KafkaBroker {

  private static final KafkaBroker SHARED = new KafkaBroker();

  /** The address of the broker. */
  public final String servers;

  private final AtomicReference<@Nullable Exception> unsent = new AtomicReference<>();

  /** Sends records of texts. */
  public final KafkaProducer<String, String> producer;

  /** Administers the broker. */
  public final Admin admin;

  private final Properties properties = new Properties();
  private KafkaRaftServer server;

  private KafkaBroker() {
    try {
      int port = freePort();
      int controller = freePort();
      Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
      Path directory = Files.createTempDirectory(target, "kafka");
      servers = "localhost:" + port;
      properties.putAll(options(port, controller, directory));
      format(directory);
    } catch (Exception failure) {
      throw new IllegalStateException("The broker of the tests cannot be prepared", failure);
    }
    server = started();
    // A topic may not be ready for its first request. If a second one were, the repeated first one
    // would be out of order until it expires.
    Map<String, Object> client =
        Map.of("bootstrap.servers", servers, "max.in.flight.requests.per.connection", 1);
    producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer());
    admin = Admin.create(Map.of("bootstrap.servers", servers));
  }

  /** Returns the broker, which starts with the first call. */
  public static KafkaBroker shared() {
    return SHARED;
  }

  private static Map<String, String> options(int port, int controller, Path directory) {
    String listeners = "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controller;
    Map<String, String> options = new HashMap<>();
    options.put("process.roles", "broker,controller");
    options.put("node.id", "1");
    options.put("controller.quorum.voters", "1@localhost:" + controller);
    options.put("listeners", listeners);
    options.put("advertised.listeners", listeners);
    options.put("controller.listener.names", "CONTROLLER");
    options.put("inter.broker.listener.name", "PLAINTEXT");
    options.put("log.dirs", directory.toString());
    options.put("group.min.session.timeout.ms", "1000");
    options.put("group.initial.rebalance.delay.ms", "0");
    options.put("offsets.topic.num.partitions", "1");
    options.put("offsets.topic.replication.factor", "1");
    options.put("share.coordinator.state.topic.num.partitions", "1");
    options.put("share.coordinator.state.topic.replication.factor", "1");
    options.put("share.coordinator.state.topic.min.isr", "1");
    options.put("transaction.state.log.num.partitions", "1");
    options.put("transaction.state.log.replication.factor", "1");
    options.put("transaction.state.log.min.isr", "1");
    return options;
  }

  private static void format(Path directory) throws Exception {
    new Formatter()
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(1)
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(directory.toString())
        .addDirectory(directory.toString())
        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }

  private KafkaRaftServer started() {
    KafkaRaftServer started = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    started.startup();
    return started;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Stops the broker and starts it again, on the same files and ports. */
  public void restart() {
    server.shutdown();
    server.awaitShutdown();
    server = started();
  }

  /** Creates a topic. */
  public void createTopic(String topic, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  /** Sends a record. A null value makes a tombstone. {@link #flush} reports failures. */
  public void send(String topic, int partition, @Nullable String key, @Nullable String value) {
    var unused =
        producer.send(
            new ProducerRecord<>(topic, partition, key, value),
            (stored, error) -> {
              if (error != null) {
                unsent.compareAndSet(null, error);
              }
            });
  }

  /** Waits until the broker has all records that were sent, which takes long after a restart. */
  public void flush() {
    producer.flush();
    Exception error = unsent.getAndSet(null);
    if (error != null) {
      throw new IllegalStateException("The broker did not take a record", error);
    }
  }

  /** Sends a record in a transaction of its own. */
  public void sendInTransaction(
      String topic, int partition, String key, String value, boolean abort) {
    Map<String, Object> client = Map.of("bootstrap.servers", servers, "transactional.id", topic);
    try (KafkaProducer<String, String> transactional =
        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
      transactional.initTransactions();
      transactional.beginTransaction();
      var unused = transactional.send(new ProducerRecord<>(topic, partition, key, value));
      transactional.flush();
      if (abort) {
        transactional.abortTransaction();
      } else {
        transactional.commitTransaction();
      }
    }
  }

  /** Returns the committed offset of each partition of a group; without those that have none. */
  public Map<TopicPartition, Long> committed(String group) throws Exception {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> found =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    found.forEach((id, next) -> offsets.put(id, next.offset()));
    return offsets;
  }
}
