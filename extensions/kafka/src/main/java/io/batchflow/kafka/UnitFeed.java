package io.batchflow.kafka;

import java.util.HashMap;
import java.util.Map;

/**
 * Stores the records of each partition in their order, each time as many as there are, together
 * with the offset of the next one. Partitions do not wait for each other.
 */
final class UnitFeed implements Feed {

  private final IngestConfig config;
  private final OffsetTable table;
  private final RecordEnds ends;
  private final Map<AssignedPartition, PartitionLane> lanes = new HashMap<>();

  UnitFeed(IngestConfig config, OffsetTable table, RecordEnds ends) {
    this.config = config;
    this.table = table;
    this.ends = ends;
  }

  @Override
  public void submit(OffsetRecord record) {
    lane(record.partition()).add(WaitingRecord.of(record, config.mapping));
  }

  private PartitionLane lane(AssignedPartition partition) {
    PartitionLane lane = lanes.get(partition);
    if (lane == null) {
      lanes.keySet().removeIf(AssignedPartition::isGivenUp);
      lane = new PartitionLane(partition, config.flow, table, ends);
      lanes.put(partition, lane);
    }
    return lane;
  }

  @Override
  public boolean isOver() {
    return false;
  }

  @Override
  public void hurry() {
    config.flow.flush().onErrorComplete().subscribe();
  }

  @Override
  public void close() {
    lanes.values().forEach(PartitionLane::close);
  }
}
