package io.batchflow.kafka;

/** The table of offsets, as the page about Kafka has it. */
final class StoredOffsets {

  static final String TABLE =
      "CREATE TABLE batchflow_offsets (consumer_group VARCHAR(190) NOT NULL,"
          + " topic VARCHAR(249) NOT NULL, partition_no INT NOT NULL, next_offset BIGINT NOT NULL,"
          + " claim BIGINT NOT NULL UNIQUE, PRIMARY KEY (consumer_group, topic, partition_no))";

  private StoredOffsets() {}
}
