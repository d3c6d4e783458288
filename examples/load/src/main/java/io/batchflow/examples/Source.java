package io.batchflow.examples;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.List;
import reactor.core.publisher.Flux;

/** What is to be loaded. */
interface Source {

  /** Returns what it is and how much, for the first line of the report. */
  String description();

  /** Returns the number of rows, rejected ones included. */
  long size();

  /** Returns the columns, with the types that they get if the table is not there yet. */
  List<Column> columns();

  /**
   * Returns the rows, each tagged with its position. Cold; may be read more than once.
   *
   * @param types the types of the columns in the table
   * @param rejections is told of the lines that do not become rows
   */
  Flux<Row> rows(Schema schema, List<ColumnType> types, Rejections rejections);

  /** Returns how people call a position: {@code line 7}. */
  String place(long position);

  /** Returns the keys of the rows that are shown in the end; none for whatever comes first. */
  List<Integer> showpieces();
}
