package io.batchflow.benchmarks.kafka;

import java.util.Locale;
import java.util.stream.LongStream;

/**
 * The records of a topic: schemaless JSON. The last record of an id wins, and its records are in
 * one partition.
 *
 * @param records the number of records
 * @param ids the number of different ids
 * @param poisonEvery which part of the records break the constraint of the table; 0 for none
 */
public record Orders(String topic, int records, int ids, int poisonEvery) {

  /** The number of partitions. A power of two, so that all ids of a partition are in turn. */
  public static final int PARTITIONS = 4;

  static final String TABLE =
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT, qty INT CHECK (qty >= 0),"
          + " price DOUBLE PRECISION)";

  /** The converter of all sinks has this schema, as Debezium's needs one. */
  static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":["
          + "{\"field\":\"id\",\"type\":\"int64\"},"
          + "{\"field\":\"item\",\"type\":\"string\"},"
          + "{\"field\":\"qty\",\"type\":\"int32\"},"
          + "{\"field\":\"price\",\"type\":\"double\"}]}";

  long id(int record) {
    return record % ids;
  }

  int partition(int record) {
    return (int) (id(record) % PARTITIONS);
  }

  private boolean isPoison(int record) {
    return poisonEvery > 0 && record % poisonEvery == poisonEvery / 2;
  }

  String json(int record) {
    return String.format(
        Locale.ROOT,
        "{\"id\":%d,\"item\":\"item-%d\",\"qty\":%d,\"price\":%d.5}",
        id(record),
        record,
        isPoison(record) ? -1 : record % 10,
        record);
  }

  /** Returns the ids of the records that no table takes. */
  public LongStream poison() {
    return LongStream.range(0, records).filter(record -> isPoison((int) record));
  }

  /** Returns how many rows the table has at the end. */
  public long rows() {
    return Math.min(records, ids) - poison().count();
  }

  /** Returns the sum of the prices of these rows, by which the last record of an id is known. */
  double prices() {
    return LongStream.range(Math.max(0, records - ids), records)
        .filter(record -> !isPoison((int) record))
        .mapToDouble(record -> record + 0.5)
        .sum();
  }
}
