package io.batchflow.kafka;

import io.batchflow.spi.Printable;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that cannot be stored, as passed to {@link KafkaIngest.Builder#deadLetter}. It holds the
 * bytes of key and value as they came, and the headers.
 *
 * @param record the record
 * @param reason the {@link io.batchflow.BatchFlowException} of its row, or what the deserializer or
 *     the mapper threw
 * @param time when that became known, by the system clock
 */
public record RejectedRecord(
    ConsumerRecord<byte[], byte[]> record, Throwable reason, Instant time) {

  /** Names the place of the record and the type of the reason; never a value. */
  @Override
  public String toString() {
    return Printable.line(
        "RejectedRecord["
            + Places.of(record)
            + ", reason="
            + reason.getClass().getSimpleName()
            + "]");
  }
}
