package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Row;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The module of Kafka tests the ingest itself, with a broker. */
class KafkaOrdersTest {

  private static @Nullable Row row(@Nullable String item) {
    return KafkaOrders.row(new ConsumerRecord<>("orders", 0, 0, 7L, item));
  }

  @Test
  void anOrderBecomesARow() {
    assertThat(row("tea"))
        .satisfies(row -> assertThat(row.isDelete()).isFalse())
        .satisfies(row -> assertThat(row.value("item")).isEqualTo("tea"));
  }

  @Test
  void aTombstoneDeletesItsOrder() {
    assertThat(row(null))
        .satisfies(row -> assertThat(row.isDelete()).isTrue())
        .satisfies(row -> assertThat(row.value("id")).isEqualTo(7L));
  }
}
