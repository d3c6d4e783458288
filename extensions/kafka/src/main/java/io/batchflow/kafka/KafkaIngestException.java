package io.batchflow.kafka;

import io.batchflow.BatchFlowException;
import io.batchflow.spi.Printable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Why an ingest has ended. The message names the topic, the partition and the offset if a record is
 * the reason, and never a key or a value. The cause is the {@link BatchFlowException} of the row,
 * what the mapper threw, or the error of Kafka's client.
 */
public final class KafkaIngestException extends RuntimeException {

  private static final int NONE = -1;

  private final @Nullable String topic;
  private final int partition;
  private final long offset;

  private KafkaIngestException(
      @Nullable ConsumerRecord<?, ?> record, String message, Throwable cause) {
    super(Printable.line(message), cause);
    this.topic = record == null ? null : record.topic();
    this.partition = record == null ? NONE : record.partition();
    this.offset = record == null ? NONE : record.offset();
  }

  static KafkaIngestException of(ConsumerRecord<?, ?> record, String problem, Throwable cause) {
    return new KafkaIngestException(
        record,
        "The record at " + Places.of(record) + " " + problem + " (" + reasonOf(cause) + ")",
        cause);
  }

  static KafkaIngestException of(String problem, Throwable cause) {
    return new KafkaIngestException(null, problem + " (" + reasonOf(cause) + ")", cause);
  }

  /** The message of a foreign exception may quote a value. */
  private static String reasonOf(Throwable cause) {
    return cause instanceof BatchFlowException
        ? String.valueOf(cause.getMessage())
        : cause.getClass().getName();
  }

  /** Returns the topic of the record; null if no record is the reason. */
  public @Nullable String topic() {
    return topic;
  }

  /** Returns the partition of the record; -1 if no record is the reason. */
  public int partition() {
    return partition;
  }

  /** Returns the offset of the record; -1 if no record is the reason. */
  public long offset() {
    return offset;
  }
}
