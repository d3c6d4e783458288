package io.batchflow.examples.pipeline;

import io.batchflow.BatchFlow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.kafka.KafkaIngest;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import reactor.util.retry.Retry;

/** A consumer process: a member of the group. */
final class Member {

  static final String GROUP = "orders";

  /** The table has no key: a record that is stored twice is there twice. */
  private static final Schema ORDERS =
      Schema.table("orders").columns("partition_no", "offset_no", "item").build();

  private Member() {}

  /** Runs until it is killed. Takes the broker and the URL of the database. */
  public static void main(String[] arguments) {
    BatchFlow flow =
        BatchFlow.builder(R2dbcBatchWriter.create(arguments[1]))
            .retry(Retry.backoff(100, Duration.ofMillis(50)).maxBackoff(Duration.ofSeconds(1)))
            .build();
    KafkaIngest ingest =
        KafkaIngest.builder(
                flow,
                Map.of(
                    "bootstrap.servers",
                    arguments[0],
                    "group.id",
                    GROUP,
                    "session.timeout.ms",
                    3_000,
                    "heartbeat.interval.ms",
                    500))
            .topics("orders")
            .mapper(new StringDeserializer(), new StringDeserializer(), Member::row)
            .offsetsIn("batchflow_offsets")
            .build();
    ingest.start();
    ingest.done().block();
  }

  private static Row row(ConsumerRecord<String, String> order) {
    return ORDERS
        .row()
        .set("partition_no", order.partition())
        .set("offset_no", order.offset())
        .set("item", order.value());
  }
}
