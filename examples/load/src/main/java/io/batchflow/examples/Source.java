package io.batchflow.examples;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.List;
import reactor.core.publisher.Flux;

/** A source of rows to load. */
interface Source {

  /** Returns a description with the number of rows, for the first line of the report. */
  String description();

  /** Returns the number of rows, including rejected ones. */
  long size();

  /** Returns the columns, with their types for a new table. */
  List<Column> columns();

  /**
   * Returns the rows, each tagged with its position. Cold and repeatable.
   *
   * @param types the types of the columns in the table
   * @param rejections receives the lines that cannot become rows
   */
  Flux<Row> rows(Schema schema, List<ColumnType> types, Rejections rejections);

  /** Returns the text of a position, such as {@code line 7}. */
  String place(long position);

  /** Returns the keys of the rows to show at the end; empty for the first rows. */
  List<Integer> showpieces();
}
