package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.kafka.KafkaIngest;
import io.batchflow.kafka.KafkaIngestMetrics;
import io.batchflow.kafka.RejectedRecord;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Stores the orders of a topic. Orders that cannot be stored go to another topic. */
final class KafkaOrders {

  private static final Schema ORDERS =
      Schema.table("orders")
          .columns("id", "item")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final Producer<byte[], byte[]> letters;

  KafkaOrders(Producer<byte[], byte[]> letters) {
    this.letters = letters;
  }

  /** Returns when the ingest has been closed by a signal to the process. */
  void run(String servers, String database, MeterRegistry registry) {
    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();
    KafkaIngest ingest =
        KafkaIngest.builder(flow, Map.of("bootstrap.servers", servers, "group.id", "orders"))
            .topics("orders")
            .mapper(new LongDeserializer(), new StringDeserializer(), KafkaOrders::row)
            .deadLetter(rejected -> keep(rejected))
            .build();
    ingest.start();
    KafkaIngestMetrics.of(ingest).bindTo(registry);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(ingest, flow)));
    ingest.done().block();
  }

  /** Stores each record once, even if this process is killed. */
  static KafkaIngest exactlyOnce(BatchFlow flow, Map<String, ?> consumer) {
    return KafkaIngest.builder(flow, consumer)
        .topics("orders")
        .mapper(new LongDeserializer(), new StringDeserializer(), KafkaOrders::row)
        .offsetsIn("batchflow_offsets")
        .build();
  }

  private static void close(KafkaIngest ingest, BatchFlow flow) {
    ingest.close().then(flow.close()).block();
  }

  static @Nullable Row row(ConsumerRecord<Long, String> order) {
    if (order.value() == null) {
      return ORDERS.delete().set("id", order.key());
    }
    return ORDERS.row().set("id", order.key()).set("item", order.value());
  }

  /** Completes when the broker has the letter. */
  private Mono<Void> keep(RejectedRecord rejected) {
    ConsumerRecord<byte[], byte[]> record = rejected.record();
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            "orders.letters", null, record.key(), record.value(), record.headers());
    return Mono.create(
        sink -> {
          var unused =
              letters.send(
                  letter,
                  (sent, failure) -> {
                    if (failure == null) {
                      sink.success();
                    } else {
                      sink.error(failure);
                    }
                  });
        });
  }
}
