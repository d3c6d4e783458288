package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.util.List;

/** A named part of the program: measures, prints a table for people, and returns its figures. */
interface Part {

  String name();

  /** Returns what it measures, in a line. */
  String about();

  /**
   * Measures.
   *
   * @param quick whether to end within a minute, at the price of more noise
   * @param out takes the table for people
   */
  List<Figure> run(boolean quick, PrintWriter out);
}
