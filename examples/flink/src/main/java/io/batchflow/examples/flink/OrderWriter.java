package io.batchflow.examples.flink;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriter;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import org.apache.flink.connector.base.sink.writer.config.AsyncSinkWriterConfiguration;

/** A subtask of the sink, with its flow. */
final class OrderWriter extends AsyncSinkWriter<Order, Order> {

  /** A key makes the repeat of an order harmless, which a restart from a checkpoint causes. */
  private static final Schema ORDERS =
      Schema.table("orders")
          .columns("id", "item")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final BatchFlow flow;

  OrderWriter(
      ElementConverter<Order, Order> converter,
      WriterInitContext context,
      Collection<BufferedRequestState<Order>> state,
      String database) {
    super(converter, context, limits(), state, null, null);
    this.flow =
        BatchFlow.builder(R2dbcBatchWriter.create(database))
            .concurrency(OrderSink.REQUESTS)
            .build();
  }

  private static AsyncSinkWriterConfiguration limits() {
    return AsyncSinkWriterConfiguration.builder()
        .setMaxBatchSize(OrderSink.BATCH)
        .setMaxBatchSizeInBytes(OrderSink.BATCH_BYTES)
        .setMaxInFlightRequests(OrderSink.REQUESTS)
        .setMaxBufferedRequests(OrderSink.BUFFERED)
        .setMaxTimeInBufferMS(OrderSink.LINGER_MILLIS)
        .setMaxRecordSizeInBytes(OrderSink.ORDER_BYTES)
        .build();
  }

  @Override
  protected void submitRequestEntries(List<Order> orders, ResultHandler<Order> result) {
    new FlowRequest<>(flow, OrderWriter::row, OrderWriter::fail).send(orders, result);
  }

  static Row row(Order order) {
    return ORDERS.row().set("id", order.id()).set("item", order.item());
  }

  /** A job that shall go on keeps the order elsewhere. */
  private static void fail(Outcome<Row> rejected) {
    throw new IllegalStateException("An order was rejected", rejected.error());
  }

  @Override
  protected long getSizeInBytes(Order order) {
    return Long.BYTES + 2L * order.item().length();
  }

  @Override
  public void close() {
    flow.close().block();
  }
}
