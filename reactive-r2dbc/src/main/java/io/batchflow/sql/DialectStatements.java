package io.batchflow.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a dialect: how rows are stored, and how it is told what became of them. Values
 * never become part of a text: every one is a parameter.
 *
 * <p>A part of {@link SqlDialect}.
 */
public interface DialectStatements {

  /** Returns an identifier in quotes, so that any name, reserved or odd, stands for itself. */
  String quote(String identifier);

  /**
   * Returns the statement that stores rows as the table's {@linkplain
   * io.batchflow.Schema#onConflict() strategy} says, with one parameter for each value, row by row,
   * or one for each column if {@link SqlDialect#columnWise()}.
   *
   * @param present the columns that these rows set, at least one
   * @param rows the number of rows, from 1 to {@link SqlDialect#maxRows}
   * @throws SqlWriteException if the table cannot serve the strategy
   */
  String insert(SqlTable table, List<SqlColumn> present, int rows);

  /**
   * Returns the statement whose failure tells the database's own reason, where {@link
   * SqlDialect#insert} failed by a guard that the dialect put there. It is run for one row, with
   * the same parameters, and rolled back. Defaults to null: there is no such guard, or it did not
   * fail.
   *
   * @param code the vendor's code of the failure
   */
  default @Nullable String insertForReason(SqlTable table, List<SqlColumn> present, int code) {
    return null;
  }

  /**
   * Returns the query that tells after a failure of several rows whether some of them may be stored
   * all the same: two parameters, the table's qualifier and name, and a row with the reason if they
   * may. Defaults to null: a failure leaves nothing behind.
   */
  default @Nullable String remainsQuery() {
    return null;
  }

  /**
   * Returns the statement that stores rows as {@link SqlDialect#insert} does and returns, for each,
   * its number from 1 and whether it was inserted (true), updated (false), or neither (null). A row
   * of which that is not certain is left out. Returns null, which is the default, if the database
   * cannot tell.
   */
  default @Nullable String insertReturning(SqlTable table, List<SqlColumn> present, int rows) {
    return null;
  }

  /**
   * Returns the statement that stores rows as {@link SqlDialect#insert} does where some may have
   * the same key: as if each were stored by itself, in their order. Null, which is the default, if
   * there is none; then each row has a statement of its own.
   */
  default @Nullable String insertRepeated(SqlTable table, List<SqlColumn> present, int rows) {
    return null;
  }

  /**
   * Returns the statement that stores rows as {@link SqlDialect#insertRepeated} does and returns
   * what {@link #insertReturning} returns; null, which is the default, if the database cannot tell.
   */
  default @Nullable String insertRepeatedReturning(
      SqlTable table, List<SqlColumn> present, int rows) {
    return null;
  }

  /**
   * Returns the query for those keys which the table holds, with one parameter for each value of a
   * conflict key, row by row, and a result of the rows' numbers, from 1. Only for a database where
   * a transaction, once {@linkplain SqlDialect#begin() begun}, keeps others from writing. Defaults
   * to null.
   */
  default @Nullable String selectExisting(SqlTable table, int rows) {
    return null;
  }

  /**
   * Returns the query for those keys which stand for one row of the table each: parameters and
   * result as for {@link SqlDialect#selectExisting}. It is run after the statement, in its
   * transaction. Defaults to null.
   */
  default @Nullable String selectDistinct(SqlTable table, int rows) {
    return null;
  }

  /**
   * Returns whether a statement has one parameter for each column, which holds the values of all
   * rows, so that its text is the same for any number of rows. Defaults to false.
   */
  default boolean columnWise() {
    return false;
  }

  /** Returns the most parameters that a statement takes. */
  int maxParameters();

  /** Returns the most rows that a statement takes. Defaults to what the parameters allow. */
  default int maxRows(SqlTable table, List<SqlColumn> present) {
    return columnWise() ? Integer.MAX_VALUE : Math.max(1, maxParameters() / present.size());
  }
}
