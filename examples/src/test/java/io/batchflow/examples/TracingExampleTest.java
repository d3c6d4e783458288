package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.micrometer.BatchSpanHandler;
import io.batchflow.micrometer.BatchWriteContext;
import io.batchflow.micrometer.BatchWriteConvention;
import io.batchflow.micrometer.ObservedBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An example to copy from: the spans of batches without Spring. */
class TracingExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id", "item").build();

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();

  private final Tracer tracer =
      new OtelTracer(
          SdkTracerProvider.builder()
              .addSpanProcessor(SimpleSpanProcessor.create(exported))
              .build()
              .get("orders"),
          new OtelCurrentTraceContext(),
          event -> {});

  private static ObservationRegistry observations(Tracer tracer) {
    ObservationRegistry observations = ObservationRegistry.create();
    observations
        .observationConfig()
        .observationHandler(
            new FirstMatchingCompositeObservationHandler(
                BatchSpanHandler.create(tracer), new DefaultTracingObservationHandler(tracer)));
    return observations;
  }

  private static BatchFlow flow(BatchWriter writer, ObservationRegistry observations) {
    return BatchFlow.builder(ObservedBatchWriter.create(writer, observations))
        .defaultPolicy(
            BatchPolicy.builder()
                .maxSize(2)
                .maxDelay(Duration.ofSeconds(5))
                .lingerWhenIdle(true)
                .build())
        .concurrency(1)
        .build();
  }

  private static Mono<WriteResult> store(BatchFlow flow, Row row, Observation caller) {
    return flow.submit(row)
        .contextWrite(context -> context.put(ObservationThreadLocalAccessor.KEY, caller));
  }

  /** The default attributes, and the name of the database. */
  static class ShopConvention extends BatchWriteConvention {

    @Override
    public KeyValues getLowCardinalityKeyValues(BatchWriteContext context) {
      return super.getLowCardinalityKeyValues(context).and("db.namespace", "shop");
    }
  }

  private static ConnectionFactory database() {
    ConnectionFactory database =
        ConnectionFactories.get(
            "r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1");
    String table = "CREATE TABLE orders (id BIGINT PRIMARY KEY, item VARCHAR(10))";
    Flux.usingWhen(database.create(), c -> c.createStatement(table).execute(), Connection::close)
        .blockLast();
    return database;
  }

  @Test
  void aBatchIsLinkedToItsCallersAndABadRowHasTheErrorCode() {
    ObservationRegistry observations = observations(tracer);
    BatchFlow flow = flow(R2dbcBatchWriter.create(database()), observations);
    Observation ann = Observation.start("ann", observations);
    Observation bob = Observation.start("bob", observations);

    Mono.when(
            store(flow, ORDERS.row().set("id", 1).set("item", "tea"), ann),
            store(flow, ORDERS.row().set("id", 2).set("item", "s3cr3t"), bob))
        .block();
    Mono<Outcome<Row>> again =
        flow.submitAll(Flux.just(ORDERS.row().set("id", 2).set("item", "s3cr3t"))).single().cache();
    again.subscribe();
    flow.close().block();

    assertThat(again.map(Outcome::status).block()).isEqualTo(OutcomeStatus.REJECTED);
    List<SpanData> spans = exported.getFinishedSpanItems();
    assertThat(spans).hasSize(2);
    assertThat(spans.get(0).getName()).isEqualTo("BATCH INSERT orders");
    assertThat(spans.get(0).getLinks()).hasSize(2);
    assertThat(spans.get(1).toString())
        .contains("db.system.name=h2database", "db.response.status_code=23505")
        .doesNotContain("s3cr3t");
  }

  @Test
  void aConventionAddsAttributes() {
    BatchWriter writer =
        ObservedBatchWriter.create(
            R2dbcBatchWriter.create(database()), observations(tracer), new ShopConvention());
    BatchFlow flow = BatchFlow.builder(writer).build();

    flow.submit(ORDERS.row().set("id", 1)).block();
    flow.close().block();

    assertThat(exported.getFinishedSpanItems().toString()).contains("db.namespace=shop");
  }
}
