package io.batchflow.benchmarks;

import java.util.Locale;

/**
 * How much the parts with databases write. Every number of rows is a multiple of its batch.
 *
 * @param rows what a way writes in a round
 * @param batch rows in a batch
 * @param bulkRows what a way of bulk loading writes in a round
 * @param bulkBatch rows in a batch of bulk loading
 * @param slowRows what a way that is known to be slow writes in a round
 * @param warmups rounds that are not counted
 * @param rounds rounds that are
 */
record Scale(
    int rows, int batch, int bulkRows, int bulkBatch, int slowRows, int warmups, int rounds) {

  /**
   * A round is over in half a second or less: the compiler needs dozens to be done, and the median
   * of a few would depend on chance by a twentieth.
   */
  static final Scale THOROUGH = new Scale(200_000, 1_000, 1_000_000, 5_000, 20_000, 50, 15);

  static final Scale QUICK = new Scale(50_000, 1_000, 200_000, 5_000, 5_000, 1, 3);

  /** Says what a way writes in a round, for people. */
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
