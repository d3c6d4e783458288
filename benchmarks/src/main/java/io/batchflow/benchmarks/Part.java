package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.util.List;

/** A named part of the program. Measures, prints a table for people, and returns figures. */
interface Part {

  String name();

  /** Describes in one line what it measures. */
  String about();

  /**
   * Runs the part.
   *
   * @param quick whether to end within a minute, with more noise
   * @param out receives the table for people
   */
  List<Figure> run(boolean quick, PrintWriter out);
}
