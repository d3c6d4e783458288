package io.batchflow.benchmarks.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A broker in a process of its own. */
final class Broker implements AutoCloseable {

  final String servers;
  private final Process process;
  private final Admin admin;

  private Broker(Process process, String servers) {
    this.process = process;
    this.servers = servers;
    this.admin = Admin.create(client());
  }

  /** Starts a broker and waits until it answers. */
  static Broker start(Layout layout, Path directory) throws IOException {
    Process process =
        layout
            .java("io.batchflow.testkafka.BrokerProgram", "512m")
            .directory(directory.toFile())
            .redirectError(directory.resolve("broker.log").toFile())
            .start();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    String servers = lines.readLine();
    if (servers == null) {
      throw new IOException("The broker of Kafka did not start");
    }
    return new Broker(process, servers);
  }

  private Map<String, Object> client() {
    return Map.of("bootstrap.servers", servers);
  }

  void createTopic(String topic, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  /** Creates a topic with its records. */
  void fill(Orders orders) throws Exception {
    createTopic(orders.topic(), Orders.PARTITIONS);
    AtomicReference<@Nullable Exception> unsent = new AtomicReference<>();
    // A topic may not be ready for its first request, and a second one would then overtake it.
    Map<String, Object> inOrder =
        Map.of("bootstrap.servers", servers, "max.in.flight.requests.per.connection", 1);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(inOrder, new StringSerializer(), new StringSerializer())) {
      for (int record = 0; record < orders.records(); record++) {
        var unused =
            producer.send(
                new ProducerRecord<>(
                    orders.topic(), orders.partition(record), null, orders.json(record)),
                (stored, failure) -> {
                  if (failure != null) {
                    unsent.set(failure);
                  }
                });
      }
    }
    Exception failure = unsent.get();
    if (failure != null) {
      throw new IOException("The broker did not take a record", failure);
    }
  }

  /** Returns how many records of all partitions are committed. */
  long committed(String group) throws Exception {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(offset -> offset.offset())
        .sum();
  }

  /** Reads all records of a topic with one partition. */
  void read(String topic, Consumer<ConsumerRecord<String, String>> each) {
    TopicPartition only = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(client(), new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      long end = consumer.endOffsets(List.of(only)).getOrDefault(only, 0L);
      while (consumer.position(only) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(each);
      }
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    process.destroyForcibly().onExit().join();
  }
}
