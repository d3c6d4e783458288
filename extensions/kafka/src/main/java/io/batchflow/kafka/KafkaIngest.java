package io.batchflow.kafka;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A member of a consumer group of Kafka that stores records through a flow. An offset is committed
 * only when every record before it is durable, needs no row, or is kept as a dead letter. So no
 * record is lost, and after a failure some are stored again: use a key, and a conflict strategy
 * that makes a repeat harmless.
 *
 * <p>The consumer has a thread of its own. If the flow has no room, the partitions are paused and
 * the consumer goes on to poll, so it stays in the group. Thread-safe. You must {@link #close()} an
 * ingest, and close its flow after it.
 */
public final class KafkaIngest {

  private final IngestConfig config;
  private final InFlight inFlight;
  private final Look look = new Look();
  private final Lifecycle life = new Lifecycle();

  private KafkaIngest(IngestConfig config) {
    this.config = config;
    this.inFlight = new InFlight(config.maxInFlight);
  }

  /**
   * Starts to build an ingest.
   *
   * @param flow stores the rows. The ingest does not close it
   * @param client the options of Kafka's consumer, with {@code bootstrap.servers} and {@code
   *     group.id}. Without deserializers, which {@link Builder#mapper} takes. {@code
   *     auto.offset.reset} defaults to {@code earliest}, and the assignment of partitions to that
   *     of the {@code CooperativeStickyAssignor}
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
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            config.client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    return new IngestLoop(config, consumer, inFlight, look);
  }

  /**
   * Completes when the ingest has been closed, or fails with a {@link KafkaIngestException} if it
   * has ended because of an error. The records after the last committed offset are read again by
   * the next member that gets their partitions.
   */
  public Mono<Void> done() {
    return life.done();
  }

  /**
   * Reads no more records, waits for the outcomes of those that were read, for at most {@link
   * Builder#drainTimeout}, commits their offsets and leaves the group. Completes after that, also
   * if the ingest has failed. Begins with the first subscription.
   */
  public Mono<Void> close() {
    return life.close();
  }

  /** Returns what the ingest does at the moment. */
  public KafkaIngestStats stats() {
    int open = inFlight.total();
    return new KafkaIngestStats(
        look.partitions(),
        open,
        look.unread() + open,
        Duration.ofNanos(look.nanosSinceSettled()),
        look.letters.sum());
  }

  String group() {
    return config.group;
  }

  /**
   * Builds a {@link KafkaIngest}. Not safe for concurrent use. {@link #build()} checks all options
   * and throws {@link InvalidConfigurationException} with the remedy.
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
     * Sets how a record becomes a row.
     *
     * @param keys reads the bytes of keys. It is not closed
     * @param values reads the bytes of values. It is not closed
     * @param mapper returns a new row, also a {@link io.batchflow.unit.Unit} of several rows or a
     *     row that deletes its key; or null if the record needs none. The ingest uses the
     *     {@linkplain Row#tag(Object) tag} of the row. The value of a tombstone is null. Called on
     *     the thread of the consumer; must not block. If it or a deserializer throws, the record is
     *     rejected
     */
    public <K, V> Builder mapper(
        Deserializer<K> keys,
        Deserializer<V> values,
        Function<? super ConsumerRecord<K, V>, ? extends @Nullable Row> mapper) {
      options.mapping = new RecordMapping<>(keys, values, mapper);
      return this;
    }

    /**
     * Sets where records are kept that cannot be stored: the mapper threw, or the database rejected
     * the row for good. The offset passes when the publisher completes. If it fails, the ingest
     * ends. Called on a thread of the flow or of the consumer; must not block. Without it, the
     * first such record ends the ingest.
     */
    public Builder deadLetter(Function<RejectedRecord, ? extends Publisher<Void>> keeper) {
      options.keeper = keeper;
      return this;
    }

    /**
     * Stores offsets in a table of the flow's database, in the transaction of the rows. Each record
     * is then stored exactly once, even by plain inserts, whatever is killed. The records of a
     * partition are stored in their order. The flow must take units, updates and returned values;
     * the page about Kafka has the table and the databases. Offsets are also committed to the
     * group, for tools that show them.
     *
     * @param table its name. Dots separate qualifiers
     */
    public Builder offsetsIn(String table) {
      options.offsetTable = table;
      return this;
    }

    /**
     * Sets how many records without an outcome pause the consumer; it resumes at half of them. One
     * poll may add {@code max.poll.records}. Defaults to 10,000. Bounds: 1 to 1,000,000.
     */
    public Builder maxInFlight(int maxInFlight) {
      options.maxInFlight = maxInFlight;
      return this;
    }

    /**
     * Sets how long the ingest waits for the outcomes of open records when it is closed or another
     * member takes a partition over. Must be shorter than {@code max.poll.interval.ms}. Defaults to
     * 30 seconds.
     */
    public Builder drainTimeout(Duration drainTimeout) {
      options.drainTimeout = drainTimeout;
      return this;
    }

    /** Sets how often offsets are committed. Defaults to 1 second. */
    public Builder commitInterval(Duration commitInterval) {
      options.commitInterval = commitInterval;
      return this;
    }

    /**
     * Builds the ingest. Connects to nothing.
     *
     * @throws InvalidConfigurationException if an option is missing or wrong
     * @throws org.apache.kafka.common.config.ConfigException if Kafka refuses an option of its own
     */
    public KafkaIngest build() {
      return new KafkaIngest(new IngestConfig(options));
    }
  }
}
