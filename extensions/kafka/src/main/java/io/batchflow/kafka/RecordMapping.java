package io.batchflow.kafka;

import io.batchflow.Row;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a record into a row. The consumer itself reads bytes only, so a record that
 * cannot be deserialized costs only itself.
 */
record RecordMapping<K, V>(
    Deserializer<K> keys,
    Deserializer<V> values,
    Function<? super ConsumerRecord<K, V>, ? extends @Nullable Row> mapper) {

  /**
   * Returns the new row of a record; null if it needs none.
   *
   * @throws IllegalStateException if the row belongs to another record
   */
  @Nullable Row fresh(ConsumerRecord<byte[], byte[]> raw) {
    Row row = map(raw);
    if (row != null && row.tag() instanceof OpenRecord) {
      throw new IllegalStateException("The mapper returned the row of an earlier record");
    }
    return row;
  }

  private @Nullable Row map(ConsumerRecord<byte[], byte[]> raw) {
    return mapper.apply(
        new ConsumerRecord<>(
            raw.topic(),
            raw.partition(),
            raw.offset(),
            raw.timestamp(),
            raw.timestampType(),
            raw.serializedKeySize(),
            raw.serializedValueSize(),
            read(keys, raw, raw.key()),
            read(values, raw, raw.value()),
            raw.headers(),
            raw.leaderEpoch(),
            raw.deliveryCount()));
  }

  @SuppressWarnings("NullAway") // Kafka's records have null keys and values
  private static <T> T read(
      Deserializer<T> deserializer, ConsumerRecord<byte[], byte[]> raw, byte @Nullable [] bytes) {
    return bytes == null ? null : deserializer.deserialize(raw.topic(), raw.headers(), bytes);
  }
}
