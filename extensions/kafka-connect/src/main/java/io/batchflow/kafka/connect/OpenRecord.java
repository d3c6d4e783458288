package io.batchflow.kafka.connect;

import io.batchflow.spi.Printable;
import io.batchflow.watermark.OpenPosition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** A record without an outcome: the tag of its row. */
record OpenRecord(
    SinkRecord record, OpenPosition<TopicPartition> position, AssignedPartition partition) {

  /** Names the place of the record, as a tag may be printed; never a value. */
  @Override
  public String toString() {
    return Printable.line(position.partition() + " at offset " + position.position());
  }
}
