package io.batchflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.message.Message;
import io.batchflow.message.PublishResult;
import io.batchflow.testkafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages become records, and a message that Kafka can never take stops no other one. */
@Tag("server")
class KafkaPublisherTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KafkaBroker broker = KafkaBroker.shared();
  private final String topic = "published-" + UUID.randomUUID();

  private static Message message(String id, byte[] payload) {
    return Message.builder("order.placed", payload)
        .id(id)
        .key("ä")
        .header("traceparent", "00-1-2-01")
        .build();
  }

  private List<ConsumerRecord<String, String>> read(int count) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.servers),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      long start = System.nanoTime();
      while (records.size() < count && System.nanoTime() - start < PATIENCE.toNanos()) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private String topicOf(Message message) {
    if (message.id().equals("no topic")) {
      throw new IllegalArgumentException("no topic");
    }
    return topic;
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void messagesBecomeRecordsInTheirOrder() throws Exception {
    broker.createTopic(topic, 1);
    KafkaPublisher publisher =
        KafkaPublisher.create(Map.of("bootstrap.servers", broker.servers), message -> topic);
    List<Message> batch = new ArrayList<>();
    IntStream.range(0, 200)
        .forEach(i -> batch.add(message("" + i, ("value " + i).getBytes(StandardCharsets.UTF_8))));

    assertThat(publisher.publish(batch).block(PATIENCE))
        .hasSize(200)
        .extracting(PublishResult::status)
        .containsOnly(PublishResult.Status.PUBLISHED);
    publisher.close().block(PATIENCE);
    List<ConsumerRecord<String, String>> records = read(200);
    assertThat(records)
        .extracting(ConsumerRecord::value)
        .containsExactlyElementsOf(IntStream.range(0, 200).mapToObj(i -> "value " + i).toList());
    ConsumerRecord<String, String> first = records.get(0);
    assertThat(first.key()).isEqualTo("ä");
    assertThat(header(first, KafkaPublisher.ID)).isEqualTo("0");
    assertThat(header(first, KafkaPublisher.TYPE)).isEqualTo("order.placed");
    assertThat(header(first, "traceparent")).isEqualTo("00-1-2-01");
  }

  @Test
  void aMessageThatCannotBeARecordIsRejectedAlone() throws Exception {
    broker.createTopic(topic, 1);
    KafkaPublisher publisher =
        KafkaPublisher.create(
            Map.of("bootstrap.servers", broker.servers, "max.request.size", 10_000), this::topicOf);

    assertThat(
            publisher
                .publish(
                    List.of(
                        message("1", new byte[1]),
                        message("2", new byte[20_000]),
                        message("no topic", new byte[1]),
                        message("3", new byte[1])))
                .block(PATIENCE))
        .extracting(PublishResult::status)
        .containsExactly(
            PublishResult.Status.PUBLISHED,
            PublishResult.Status.REJECTED,
            PublishResult.Status.REJECTED,
            PublishResult.Status.PUBLISHED);
    publisher.close().block(PATIENCE);
  }

  @Test
  void aBrokerThatIsAwayFailsTheBatchAndNotTheMessages() {
    KafkaPublisher publisher =
        KafkaPublisher.create(
            Map.of("bootstrap.servers", "localhost:1", "max.block.ms", 100), message -> topic);

    assertThat(
            publisher
                .publish(List.of(message("1", new byte[1]), message("2", new byte[1])))
                .materialize()
                .block(PATIENCE)
                .getThrowable())
        .isInstanceOf(TimeoutException.class);
    publisher.close().block(PATIENCE);
  }
}
