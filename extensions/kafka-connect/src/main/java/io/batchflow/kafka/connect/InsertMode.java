package io.batchflow.kafka.connect;

import io.batchflow.ConflictStrategy;

/** What a record does to the table. */
enum InsertMode {
  INSERT(ConflictStrategy.FAIL),
  UPSERT(ConflictStrategy.UPDATE),
  UPDATE(ConflictStrategy.UPDATE),
  IGNORE(ConflictStrategy.IGNORE);

  final ConflictStrategy strategy;

  InsertMode(ConflictStrategy strategy) {
    this.strategy = strategy;
  }

  boolean needsKey() {
    return this != INSERT;
  }
}
