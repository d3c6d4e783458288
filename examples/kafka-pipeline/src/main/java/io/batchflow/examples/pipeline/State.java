package io.batchflow.examples.pipeline;

import io.batchflow.testkafka.KafkaBroker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** What the broker and the database hold at a moment. */
record State(List<Partition> partitions) {

  /**
   * One partition.
   *
   * @param records the records that were sent
   * @param rows the rows of the table
   * @param lag the records whose offset is not committed
   */
  record Partition(int number, long records, long rows, long lag) {}

  /** Asks the broker and the database. */
  static State of(KafkaBroker broker, Connection database, int partitions) throws Exception {
    Map<Integer, Long> rows = rows(database);
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    IntStream.range(0, partitions).forEach(each -> latest.put(id(each), OffsetSpec.latest()));
    Map<TopicPartition, ListOffsetsResultInfo> ends = broker.admin.listOffsets(latest).all().get();
    Map<TopicPartition, Long> committed = broker.committed(Member.GROUP);
    List<Partition> all = new ArrayList<>();
    for (int each = 0; each < partitions; each++) {
      ListOffsetsResultInfo end = ends.get(id(each));
      long records = end == null ? 0 : end.offset();
      long lag = records - committed.getOrDefault(id(each), 0L);
      all.add(new Partition(each, records, rows.getOrDefault(each, 0L), lag));
    }
    return new State(List.copyOf(all));
  }

  private static TopicPartition id(int partition) {
    return new TopicPartition(Orders.TOPIC, partition);
  }

  private static Map<Integer, Long> rows(Connection database) throws Exception {
    Map<Integer, Long> rows = new HashMap<>();
    try (Statement statement = database.createStatement();
        ResultSet counts =
            statement.executeQuery(
                "SELECT partition_no, count(*) FROM orders GROUP BY partition_no")) {
      while (counts.next()) {
        rows.put(counts.getInt(1), counts.getLong(2));
      }
    }
    return rows;
  }

  long records() {
    return sum(Partition::records);
  }

  long rows() {
    return sum(Partition::rows);
  }

  long lag() {
    return sum(Partition::lag);
  }

  private long sum(ToLongFunction<Partition> value) {
    return partitions.stream().mapToLong(value).sum();
  }
}
