package io.batchflow.benchmarks;

import java.util.Locale;

/**
 * The size of the parts that use databases. Every number of rows is a multiple of its batch.
 *
 * @param rows rows that a way writes in a round
 * @param batch rows in a batch
 * @param bulkRows rows that a way of bulk loading writes in a round
 * @param bulkBatch rows in a batch of bulk loading
 * @param slowRows rows that a slow way writes in a round
 * @param warmups the number of rounds before the measurement
 * @param rounds the number of measured rounds
 */
record Scale(
    int rows, int batch, int bulkRows, int bulkBatch, int slowRows, int warmups, int rounds) {

  /**
   * A round takes half a second or less. The JIT compiler needs dozens of rounds, and the median of
   * only a few rounds would vary by a twentieth.
   */
  static final Scale THOROUGH = new Scale(200_000, 1_000, 1_000_000, 5_000, 20_000, 50, 15);

  static final Scale QUICK = new Scale(50_000, 1_000, 200_000, 5_000, 5_000, 5, 3);

  /** Describes what a way writes in a round. */
  static String details(int rows, int batch, int connections) {
    return String.format(
        Locale.ROOT,
        "%,d rows in batches of %,d, %d connection%s",
        rows,
        batch,
        connections,
        connections == 1 ? "" : "s");
  }
}
