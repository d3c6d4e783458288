package io.batchflow.examples.flink;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.AsyncSinkBase;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A sink of Flink for orders. Each of its subtasks has a flow of its own. A checkpoint waits for
 * the outcomes of all requests, so each order is stored at least once.
 */
final class OrderSink extends AsyncSinkBase<Order, Order> {

  static final int BATCH = 2_000;
  static final int REQUESTS = 4;
  static final int BUFFERED = 20_000;
  static final int BATCH_BYTES = 4 << 20;
  static final int ORDER_BYTES = 1 << 20;
  static final long LINGER_MILLIS = 100;

  private static final long serialVersionUID = 1;

  private final String database;

  /** Creates a sink for the R2DBC URL of a database. */
  OrderSink(String database) {
    super(
        (order, context) -> order,
        BATCH,
        REQUESTS,
        BUFFERED,
        BATCH_BYTES,
        LINGER_MILLIS,
        ORDER_BYTES);
    this.database = database;
  }

  @Override
  public StatefulSinkWriter<Order, BufferedRequestState<Order>> createWriter(
      WriterInitContext context) {
    return restoreWriter(context, List.of());
  }

  @Override
  public StatefulSinkWriter<Order, BufferedRequestState<Order>> restoreWriter(
      WriterInitContext context, Collection<BufferedRequestState<Order>> state) {
    return new OrderWriter(getElementConverter(), context, state, database);
  }

  @Override
  public SimpleVersionedSerializer<BufferedRequestState<Order>> getWriterStateSerializer() {
    return new OrderState();
  }
}
