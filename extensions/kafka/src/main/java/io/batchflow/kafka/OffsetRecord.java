package io.batchflow.kafka;

import io.batchflow.spi.Origin;
import io.batchflow.watermark.OpenPosition;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import reactor.util.context.ContextView;

/** A record of a consumer group: its offset passes when it has ended well. */
record OffsetRecord(
    ConsumerRecord<byte[], byte[]> record,
    OpenPosition<TopicPartition> position,
    AssignedPartition partition,
    InFlight inFlight)
    implements OpenRecord, Origin {

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
