package io.batchflow.kafka.connect;

/** What becomes of tables and columns that are missing. */
enum SchemaEvolution {
  NONE,
  /** Tables are created, and columns are added and widened. Nothing is dropped. */
  BASIC
}
