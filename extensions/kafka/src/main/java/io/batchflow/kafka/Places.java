package io.batchflow.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Names the place of a record in messages, never its key or value. */
final class Places {

  private Places() {}

  static String of(ConsumerRecord<?, ?> record) {
    return "topic="
        + record.topic()
        + ", partition="
        + record.partition()
        + ", offset="
        + record.offset();
  }
}
