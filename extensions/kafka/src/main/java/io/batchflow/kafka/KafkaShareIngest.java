package io.batchflow.kafka;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A member of a share group of Kafka that stores records through a flow, for rows whose order does
 * not matter. Each record is acknowledged by its outcome: accepted if its row is durable or it
 * needs none, rejected if it is kept as a dead letter, and released otherwise. A group may have
 * more members than the topic has partitions, and a slow record holds up only its poll.
 *
 * <p>A record may be delivered again, as after a kill or if its outcome takes longer than the lock
 * of the group. Use a key, and a conflict strategy that makes a repeat harmless. Thread-safe. You
 * must {@link #close()} an ingest, and close its flow after it.
 */
public final class KafkaShareIngest {

  private final ShareConfig config;
  private final ShareCounts counts = new ShareCounts();
  private final Lifecycle life = new Lifecycle();

  private KafkaShareIngest(ShareConfig config) {
    this.config = config;
  }

  /**
   * Starts to build an ingest.
   *
   * @param flow stores the rows. The ingest does not close it
   * @param client the options of Kafka's share consumer, with {@code bootstrap.servers} and {@code
   *     group.id}. Without deserializers, which {@link Builder#mapper} takes
   */
  public static Builder builder(BatchFlow flow, Map<String, ?> client) {
    return new Builder(new IngestOptions(flow, client));
  }

  /**
   * Joins the group and begins to store records, on a daemon thread.
   *
   * @throws IllegalStateException if it was started or closed before. Build another ingest to start
   *     again
   * @throws org.apache.kafka.common.KafkaException if the consumer cannot be created
   */
  public void start() {
    life.start("batchflow-kafka-" + config.group, this::loop);
  }

  private Loop loop() {
    return new ShareLoop(
        config,
        new KafkaShareConsumer<>(
            config.client, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        counts);
  }

  /**
   * Completes when the ingest has been closed, or fails with a {@link KafkaIngestException} if it
   * has ended because of an error. The records that were not stored are delivered again.
   */
  public Mono<Void> done() {
    return life.done();
  }

  /**
   * Reads no more records, waits for the outcomes of those that were read, for at most {@link
   * Builder#drainTimeout}, acknowledges them and leaves the group. Completes after that, also if
   * the ingest has failed. Begins with the first subscription.
   */
  public Mono<Void> close() {
    return life.close();
  }

  /** Returns what the ingest has done so far. */
  public KafkaShareIngestStats stats() {
    return counts.stats();
  }

  String group() {
    return config.group;
  }

  /**
   * Builds a {@link KafkaShareIngest}. Not safe for concurrent use. {@link #build()} checks all
   * options and throws {@link InvalidConfigurationException} with the remedy.
   */
  public static final class Builder {

    private final IngestOptions options;

    private Builder(IngestOptions options) {
      this.options = options;
    }

    /** Sets the topics to read. */
    public Builder topics(String... topics) {
      options.topics = List.of(topics);
      return this;
    }

    /**
     * Sets how a record becomes a row. See {@link KafkaIngest.Builder#mapper}.
     *
     * @param mapper returns a new row, or null if the record needs none
     */
    public <K, V> Builder mapper(
        Deserializer<K> keys,
        Deserializer<V> values,
        Function<? super ConsumerRecord<K, V>, ? extends @Nullable Row> mapper) {
      options.mapping = new RecordMapping<>(keys, values, mapper);
      return this;
    }

    /**
     * Sets where records are kept that cannot be stored. A record is rejected when the publisher
     * completes. If it fails, the ingest ends and releases the record. Called on a thread of the
     * flow or of the consumer; must not block. Without it, the first such record ends the ingest.
     */
    public Builder deadLetter(Function<RejectedRecord, ? extends Publisher<Void>> keeper) {
      options.keeper = keeper;
      return this;
    }

    /**
     * Sets how long the ingest waits for the outcomes of open records when it is closed. Defaults
     * to 30 seconds.
     */
    public Builder drainTimeout(Duration drainTimeout) {
      options.drainTimeout = drainTimeout;
      return this;
    }

    /**
     * Builds the ingest. Connects to nothing.
     *
     * @throws InvalidConfigurationException if an option is missing or wrong
     */
    public KafkaShareIngest build() {
      return new KafkaShareIngest(new ShareConfig(options));
    }
  }
}
