package io.batchflow.benchmarks.differential;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A database with one of its drivers, and two sites for the tables of the cases. */
interface Backend extends AutoCloseable {

  String name();

  List<ColumnType> types();

  /** Returns the type of the column that holds the number of the row. */
  ColumnType markType();

  Plain plain();

  /** Returns the site that the flow writes to. */
  Site flowSite();

  /** Returns the site that plain statements write to. */
  Site plainSite();

  /** Returns a random declaration of a table's key. */
  String keyClause(SplittableRandom random);

  /**
   * Returns definitions of columns that the database fills: computed from the mark, or by a
   * counter.
   */
  List<String> generated();

  /** Returns types of keys that the database generates for some rows; may be empty. */
  List<ColumnType> generatedKeys();

  /**
   * Returns whether the flow can compare the values of a key of this type with stored ones. It
   * deletes and only updates rows whose keys it can compare.
   */
  default boolean comparesKeys(ColumnType type) {
    return true;
  }

  /** Returns whether a partial index can be the conflict key. */
  boolean hasPartialKeys();

  /** Returns a random extra of a kind for a table with these columns; null if there is none. */
  @Nullable Extra extra(Feature feature, List<Column> columns, SplittableRandom random);

  @Override
  void close() throws IOException, SQLException;
}
