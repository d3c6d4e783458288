package io.batchflow.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record without an outcome: the tag of its row. */
interface OpenRecord {

  ConsumerRecord<byte[], byte[]> record();

  /** Returns whether another member reads the record by now, so nothing may be done for it here. */
  boolean isGivenUp();

  /** Ends the record. Called once, by any thread. */
  void end(RecordEnd end);
}
