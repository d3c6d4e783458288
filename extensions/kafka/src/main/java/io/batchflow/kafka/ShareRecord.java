package io.batchflow.kafka;

import io.batchflow.spi.Origin;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import reactor.util.context.ContextView;

/** A record of a share group, which is acknowledged by how it ends. */
final class ShareRecord implements OpenRecord, Origin {

  private final ConsumerRecord<byte[], byte[]> record;
  private final OpenPoll poll;

  /** OPEN until it is known. */
  private volatile RecordEnd end = RecordEnd.OPEN;

  ShareRecord(ConsumerRecord<byte[], byte[]> record, OpenPoll poll) {
    this.record = record;
    this.poll = poll;
  }

  @Override
  public ConsumerRecord<byte[], byte[]> record() {
    return record;
  }

  /** Returns false: the broker gives a record to one member at a time. */
  @Override
  public boolean isGivenUp() {
    return false;
  }

  @Override
  public void end(RecordEnd end) {
    this.end = end;
    poll.ended();
  }

  RecordEnd end() {
    return end;
  }

  @Override
  public Stream<ContextView> contexts() {
    return TraceHeader.contexts(record);
  }

  /** Names the place of the record, as a tag may be printed; never a value. */
  @Override
  public String toString() {
    return Places.of(record);
  }
}
