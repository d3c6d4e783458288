package io.batchflow.kafka.connect;

/** Where the key of a row comes from. */
enum KeyMode {
  /** Rows have no key of their own. */
  NONE,
  /** The topic, the partition and the offset of the record. */
  KAFKA,
  RECORD_KEY,
  RECORD_VALUE,
  RECORD_HEADER
}
