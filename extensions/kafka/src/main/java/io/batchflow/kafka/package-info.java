/** Stores the records of Kafka's topics through a flow: {@link io.batchflow.kafka.KafkaIngest}. */
@NullMarked
package io.batchflow.kafka;

import org.jspecify.annotations.NullMarked;
