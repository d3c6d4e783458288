package io.batchflow.benchmarks.differential;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A database by one of its drivers, with two places for the tables of the cases. */
interface Backend extends AutoCloseable {

  String name();

  List<ColumnType> types();

  /** Returns the type of the column that holds the number of the row. */
  ColumnType markType();

  Plain plain();

  /** Returns the place that the flow writes to. */
  Site flowSite();

  /** Returns the place that plain statements write to. */
  Site plainSite();

  /** Returns how a table may declare its key. */
  String keyClause(SplittableRandom random);

  /** Returns the definitions of columns that the database fills, from the mark or by counting. */
  List<String> generated();

  /** Returns a random extra of a kind for a table of such columns; null if there is none. */
  @Nullable Extra extra(Feature feature, List<Column> columns, SplittableRandom random);

  @Override
  void close() throws IOException, SQLException;
}
