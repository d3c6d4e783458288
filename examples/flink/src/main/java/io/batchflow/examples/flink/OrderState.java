package io.batchflow.examples.flink;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriterStateSerializer;

/** Writes the orders that no request has taken yet into a checkpoint. */
final class OrderState extends AsyncSinkWriterStateSerializer<Order> {

  @Override
  public int getVersion() {
    return 1;
  }

  @Override
  protected void serializeRequestToStream(Order order, DataOutputStream out) throws IOException {
    out.writeLong(order.id());
    out.writeUTF(order.item());
  }

  @Override
  protected Order deserializeRequestFromStream(long size, DataInputStream in) throws IOException {
    return new Order(in.readLong(), in.readUTF());
  }
}
