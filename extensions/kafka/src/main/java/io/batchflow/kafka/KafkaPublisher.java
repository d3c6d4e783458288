package io.batchflow.kafka;

import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.message.PublishResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Publishes messages to topics of Kafka. A record has the key and the payload of its message, its
 * headers, and the headers {@value #ID} and {@value #TYPE}.
 *
 * <p>The producer is idempotent, and gives no record up: if it did, a later record of the same key
 * could overtake it. While the broker is away, a batch that is published again waits for the
 * records that the producer has already.
 *
 * <p>Thread-safe. You must {@link #close()} a publisher, after the relays that use it.
 */
public final class KafkaPublisher implements MessagePublisher {

  /** The header with the id of the message. */
  public static final String ID = "message_id";

  /** The header with the type of the message. */
  public static final String TYPE = "message_type";

  private static final int BUFFER_WAIT_MILLIS = 10_000;
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final Producer<byte[], byte[]> producer;
  private final Function<? super Message, String> topics;

  /** The records that the producer has, by the ids of their messages. */
  private final Map<String, CompletableFuture<Sent>> open = new ConcurrentHashMap<>();

  /**
   * What became of a record.
   *
   * @param failure null if it is stored
   * @param forGood whether the record can never be stored
   */
  private record Sent(@Nullable Exception failure, boolean forGood) {

    static Sent of(@Nullable Exception failure) {
      boolean forGood =
          failure instanceof RecordTooLargeException || failure instanceof InvalidTopicException;
      return new Sent(failure, forGood);
    }

    /** Returns whether the broker or the producer is the reason that the record is not stored. */
    boolean isRefused() {
      return failure != null && !forGood;
    }

    PublishResult result() {
      if (failure == null) {
        return PublishResult.published();
      }
      return forGood ? PublishResult.rejected(failure) : PublishResult.skipped();
    }
  }

  private KafkaPublisher(
      Producer<byte[], byte[]> producer, Function<? super Message, String> topics) {
    this.producer = producer;
    this.topics = topics;
  }

  /**
   * Creates a publisher with a producer of its own.
   *
   * @param client the options of Kafka's producer, with {@code bootstrap.servers} and without
   *     serializers. {@code delivery.timeout.ms} defaults to no limit, and {@code max.block.ms} to
   *     10 seconds
   * @param topics returns the topic of a message. If it throws, the message is rejected
   * @throws org.apache.kafka.common.KafkaException if the producer cannot be created
   */
  public static KafkaPublisher create(
      Map<String, ?> client, Function<? super Message, String> topics) {
    Map<String, Object> options = new HashMap<>();
    options.put("delivery.timeout.ms", Integer.MAX_VALUE);
    options.put("max.block.ms", BUFFER_WAIT_MILLIS);
    options.putAll(client);
    return new KafkaPublisher(
        new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer()), topics);
  }

  @Override
  public Mono<List<PublishResult>> publish(List<Message> batch) {
    return Mono.defer(() -> sent(batch))
        // The producer may block until it knows a topic, or has room.
        .subscribeOn(Schedulers.boundedElastic());
  }

  private Mono<List<PublishResult>> sent(List<Message> batch) {
    List<CompletableFuture<Sent>> records = new ArrayList<>();
    for (Message message : batch) {
      CompletableFuture<Sent> sent = send(message);
      records.add(sent);
      if (sent.isDone() && sent.join().isRefused()) {
        break; // the next message could overtake this one
      }
    }
    return Mono.fromFuture(
            CompletableFuture.allOf(records.toArray(CompletableFuture<?>[]::new)), true)
        .then(Mono.defer(() -> results(records, batch.size())));
  }

  private CompletableFuture<Sent> send(Message message) {
    CompletableFuture<Sent> earlier = open.get(message.id());
    if (earlier != null) {
      return earlier;
    }
    ProducerRecord<byte[], byte[]> record;
    try {
      record = record(message);
    } catch (RuntimeException noTopic) {
      return CompletableFuture.completedFuture(new Sent(noTopic, true));
    }
    CompletableFuture<Sent> sent = new CompletableFuture<>();
    open.put(message.id(), sent);
    try {
      var unused = producer.send(record, (stored, failure) -> end(message, sent, failure));
    } catch (RuntimeException refused) {
      end(message, sent, refused);
    }
    return sent;
  }

  private void end(Message message, CompletableFuture<Sent> sent, @Nullable Exception failure) {
    open.remove(message.id());
    sent.complete(Sent.of(failure));
  }

  private ProducerRecord<byte[], byte[]> record(Message message) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topics.apply(message), bytes(message.key()), message.payload());
    message.headers().forEach((name, value) -> record.headers().add(name, bytes(value)));
    record.headers().add(ID, bytes(message.id())).add(TYPE, bytes(message.type()));
    return record;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** If nothing was stored, the broker is the reason rather than the messages. */
  private static Mono<List<PublishResult>> results(
      List<CompletableFuture<Sent>> records, int messages) {
    List<PublishResult> results = new ArrayList<>();
    Exception failure = null;
    for (CompletableFuture<Sent> record : records) {
      Sent sent = record.join();
      results.add(sent.result());
      failure = sent.failure() == null ? failure : sent.failure();
    }
    if (failure != null
        && results.stream().allMatch(one -> one.status() == PublishResult.Status.SKIPPED)) {
      return Mono.error(failure);
    }
    while (results.size() < messages) {
      results.add(PublishResult.skipped());
    }
    return Mono.just(results);
  }

  /** Waits up to 10 seconds for the records that the producer has, and closes it. */
  public Mono<Void> close() {
    return Mono.<Void>fromRunnable(() -> producer.close(CLOSING))
        .subscribeOn(Schedulers.boundedElastic());
  }

  @Override
  public String toString() {
    return "KafkaPublisher";
  }
}
