package io.batchflow.kafka;

import io.batchflow.BatchFlow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import reactor.util.retry.Retry;

/** A member in a process of its own, which is killed at any moment. */
final class ExactMember {

  /** The table has no key, so that it would hold a record twice. */
  private static final Schema EVENTS =
      Schema.table("events").columns("partition_no", "offset_no", "item").build();

  private ExactMember() {}

  /** Takes the broker, the group, the topic and the URL of the database. */
  public static void main(String[] arguments) {
    BatchFlow flow =
        BatchFlow.builder(R2dbcBatchWriter.create(arguments[3]))
            .writeTimeout(Duration.ofSeconds(10))
            .retry(Retry.fixedDelay(10_000, Duration.ofMillis(20)))
            .build();
    KafkaIngest ingest =
        KafkaIngest.builder(
                flow,
                Map.of(
                    "bootstrap.servers",
                    arguments[0],
                    "group.id",
                    arguments[1],
                    "session.timeout.ms",
                    2_000,
                    "heartbeat.interval.ms",
                    300))
            .topics(arguments[2])
            .mapper(new StringDeserializer(), new StringDeserializer(), ExactMember::event)
            .commitInterval(Duration.ofMillis(50))
            .offsetsIn("batchflow_offsets")
            .build();
    ingest.start();
    ingest.done().block();
  }

  private static Row event(ConsumerRecord<String, String> record) {
    return EVENTS
        .row()
        .set("partition_no", record.partition())
        .set("offset_no", record.offset())
        .set("item", record.value());
  }
}
