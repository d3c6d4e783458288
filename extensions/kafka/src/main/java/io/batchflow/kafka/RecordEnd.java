package io.batchflow.kafka;

/** How a record ends. */
enum RecordEnd {
  /** Its row is durable, or it needs none. */
  STORED,
  /** It cannot be stored, and is kept as a dead letter. */
  KEPT,
  /** It is neither stored nor kept, and must be read again. */
  OPEN
}
