package io.batchflow.kafka;

import io.batchflow.spi.Origin;
import io.batchflow.watermark.OpenPosition;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** A record of a consumer group: its offset passes when it has ended well. */
record OffsetRecord(
    ConsumerRecord<byte[], byte[]> record,
    OpenPosition<TopicPartition> position,
    AssignedPartition partition,
    InFlight inFlight)
    implements OpenRecord, Origin {

  private static final String TRACE = "traceparent";

  static OffsetRecord begin(
      ConsumerRecord<byte[], byte[]> record,
      OpenPosition<TopicPartition> position,
      AssignedPartition partition,
      InFlight inFlight) {
    partition.inFlight.incrementAndGet();
    inFlight.add();
    return new OffsetRecord(record, position, partition, inFlight);
  }

  @Override
  public boolean isGivenUp() {
    return partition.isGivenUp();
  }

  @Override
  public void end(RecordEnd end) {
    if (end != RecordEnd.OPEN) {
      position.pass();
    }
    partition.inFlight.decrementAndGet();
    inFlight.remove();
  }

  /** Returns the trace of the record, if it has the header of W3C Trace Context. */
  @Override
  public Stream<ContextView> contexts() {
    Header trace = record.headers().lastHeader(TRACE);
    return trace == null || trace.value() == null
        ? Stream.empty()
        : Stream.of(Context.of(TRACE, new String(trace.value(), StandardCharsets.US_ASCII)));
  }

  /** Names the place of the record, as a tag may be printed; never a value. */
  @Override
  public String toString() {
    return Places.of(record);
  }
}
