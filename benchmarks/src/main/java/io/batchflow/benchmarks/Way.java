package io.batchflow.benchmarks;

import java.util.Locale;

/**
 * A way to write rows.
 *
 * @param rows the number of rows in a round
 * @param least how many times as fast the flow must be; 0 for no bound
 */
record Way(String name, int rows, double least, Writing writing) {

  /** Writes the first rows. Returns when they are durable. */
  @FunctionalInterface
  interface Writing {

    void write(int rows) throws Exception;
  }

  static Way flow(int rows, Writing writing) {
    return new Way("flow", rows, 0, writing);
  }

  /** Returns the name in the form for machines. */
  String key() {
    return name.toLowerCase(Locale.ROOT).replaceAll("\\W+", "_");
  }
}
