package io.batchflow.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a dialect: how rows are stored, and how their outcome is found out. Values are
 * always parameters and never part of a text.
 *
 * <p>A part of {@link SqlDialect}.
 */
public interface DialectStatements {

  /**
   * Returns an identifier in quotes, so that any name can be used, even a reserved word. Defaults
   * to double quotes, as in the SQL standard.
   */
  default String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /**
   * Returns the statement that stores rows by the {@linkplain io.batchflow.Schema#onConflict()
   * strategy} of the table's schema. It has one parameter for each value, row by row, or one for
   * each column if {@link SqlDialect#columnWise()}.
   *
   * @param present the columns that these rows set, at least one
   * @param rows the number of rows, from 1 to {@link SqlDialect#maxRows}
   * @throws SqlWriteException if the table cannot serve the strategy
   */
  String insert(SqlTable table, List<SqlColumn> present, int rows);

  /**
   * Returns the statement whose failure has the database's own reason, if {@link SqlDialect#insert}
   * failed by a guard that the dialect added. It runs for one row, with the same parameters, and is
   * rolled back. Defaults to null: there is no guard, or it did not fail.
   *
   * @param code the vendor's code of the failure
   */
  default @Nullable String insertForReason(SqlTable table, List<SqlColumn> present, int code) {
    return null;
  }

  /**
   * Returns the query that tells, after the failure of several rows, whether some of them may be
   * stored nevertheless. It has two parameters, the table's qualifier and name. Its result is a row
   * with the reason if rows may be stored. Defaults to null: a failure leaves nothing behind.
   */
  default @Nullable String remainsQuery() {
    return null;
  }

  /**
   * Returns the statement that stores rows as {@link SqlDialect#insert} does and returns for each
   * row its number, from 1, and whether it was inserted (true), updated (false) or neither (null).
   * It leaves out a row if that is not certain. Null, which is the default, if the database cannot
   * tell.
   */
  default @Nullable String insertReturning(SqlTable table, List<SqlColumn> present, int rows) {
    return null;
  }

  /**
   * Returns the statement that stores rows as {@link SqlDialect#insert} does and returns columns of
   * each row as they are stored, in the order of the rows. No two of the rows are the same row of
   * the table. If a row may be ignored, it is the only row, and if it is, nothing is returned.
   * Null, which is the default, if the database cannot.
   *
   * @param returned the columns to return, at least one
   */
  default @Nullable String insertReturningValues(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return null;
  }

  /**
   * Returns the statement that stores rows of which some may be ignored, and returns columns of
   * each row as they are stored, in the order of the rows: nulls for a row that was ignored. It
   * returns nothing if it is not certain which rows were. Null, which is the default, if the
   * database cannot: then each row gets its own statement of {@link #insertReturningValues}.
   */
  default @Nullable String insertReturningNew(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return null;
  }

  /**
   * Returns the query for columns of the rows that the session's last insert has stored. It finds
   * them by the numbers that the database gave to them, one after the other, in their order. It
   * runs right after {@link SqlDialect#insert} in its transaction, without parameters. Its result
   * is the number of the row, from 1, and then the columns. Only asked for if {@link
   * #insertReturningValues} is null, and the table {@linkplain SqlDialect#storesAsGiven stores rows
   * as given}. Null, which is the default, if the numbers may have gaps, or there are none.
   *
   * @param present the columns that the rows set
   * @param rows the number of rows, at most {@link #maxUpdates}
   * @param returned the columns to return, at least one
   */
  default @Nullable String selectInserted(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return null;
  }

  /**
   * Returns whether a statement of {@link #insertReturningValues} that fails leaves nothing behind.
   * If not, it runs in a transaction. Defaults to true.
   */
  default boolean isReturningAtomic() {
    return true;
  }

  /**
   * Returns the statement that stores rows of which some may have the same key, as if each row were
   * stored by its own statement, in order. Null, which is the default, if there is none: then each
   * row gets its own statement.
   */
  default @Nullable String insertRepeated(SqlTable table, List<SqlColumn> present, int rows) {
    return null;
  }

  /**
   * Returns whether {@link SqlDialect#insert} stores none of its rows if two of them have the same
   * key, and {@link SqlDialect#insertRepeated} does not fit the table. Then rows whose keys have
   * the same values are divided among statements, and a statement that fails is split by the flow.
   * Defaults to false.
   */
  default boolean rejectsRepeated(SqlTable table) {
    return false;
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
   * Returns whether rows can {@linkplain io.batchflow.Schema#isUpdateOnly() only update}. Defaults
   * to false: such a schema is rejected. True needs {@link #update}, which returns what {@link
   * #insertReturning} returns, or {@link #lockExisting}.
   */
  default boolean supportsUpdateOnly() {
    return false;
  }

  /**
   * Returns the statement that updates the rows of some keys and inserts none, with the parameters
   * of {@link SqlDialect#insert}. No key repeats. Without {@link #lockExisting}, it returns for
   * each row its number, from 1, and whether it was updated (true), is there but was not updated
   * (false) or is absent (null). With it, a row whose key is not there has null in its key.
   */
  default String update(SqlTable table, List<SqlColumn> present, int rows) {
    throw new UnsupportedOperationException("This dialect updates no rows");
  }

  /**
   * Returns the query for the keys that the table holds, to run before {@link #update} in its
   * transaction. Until that ends, nobody else may delete these keys. It has the parameters of
   * {@link #delete}, for the conflict key. Its result is the numbers of the rows, from 1. Defaults
   * to {@link #selectExisting}. Null if {@link #update} tells which rows are there.
   */
  default @Nullable String lockExisting(SqlTable table, int rows) {
    return selectExisting(table, rows);
  }

  /** Returns the most rows that {@link #update} takes. Defaults to {@link #maxRows}. */
  default int maxUpdates(SqlTable table, List<SqlColumn> present) {
    return maxRows(table, present);
  }

  /**
   * Returns whether rows can delete their keys. Defaults to false: such rows are turned away. True
   * needs {@link #delete}.
   */
  default boolean supportsDeletes() {
    return false;
  }

  /**
   * Returns the statement that deletes the rows of some keys. It has one parameter for each value
   * of a key, row by row, or one for each column if {@link SqlDialect#columnWise()}. Each value
   * must be compared as it would be stored: see {@link SqlDialect#encodeKey}. Keys may repeat
   * unless {@link #insertRepeated} returns null.
   *
   * @param key the columns of the conflict key, in the order of the schema
   * @param rows the number of keys, from 1 to {@link SqlDialect#maxDeletes}
   */
  default String delete(SqlTable table, List<SqlColumn> key, int rows) {
    throw new UnsupportedOperationException("This dialect deletes no rows");
  }

  /**
   * Returns the statement that deletes rows as {@link SqlDialect#delete} does and returns for each
   * row its number, from 1, and whether its key was there: true, or else null. No key repeats.
   * Null, which is the default, if the database cannot tell.
   */
  default @Nullable String deleteReturning(SqlTable table, List<SqlColumn> key, int rows) {
    return null;
  }

  /**
   * Returns the query for the keys that the table holds. It has one parameter for each value of a
   * conflict key, row by row. Its result is the numbers of the rows, from 1. Only for a database
   * where a transaction, once {@linkplain SqlDialect#begin() begun}, keeps others from writing.
   * Defaults to null.
   */
  default @Nullable String selectExisting(SqlTable table, int rows) {
    return null;
  }

  /**
   * Returns the query for columns of the rows of the table that have some keys, to run after {@link
   * SqlDialect#insert} in its transaction, with the parameters of {@link #delete} for the conflict
   * key. It must see what others have committed before the insert met it. Its result is the number
   * of the key, from 1, and then the columns. Null, which is the default, if the database cannot.
   *
   * @param rows the number of keys, at most {@link #maxUpdates}
   * @param returned the columns to return, at least one
   */
  default @Nullable String selectStored(SqlTable table, int rows, List<SqlColumn> returned) {
    return null;
  }

  /**
   * Returns the query for the keys that belong to exactly one row of the table each, with the
   * parameters and the result of {@link SqlDialect#selectExisting}. It runs after the statement, in
   * its transaction. Defaults to null.
   */
  default @Nullable String selectDistinct(SqlTable table, int rows) {
    return null;
  }

  /**
   * Returns whether {@link SqlDialect#insert} names a partial index by its {@linkplain
   * io.batchflow.Schema#conflictWhere() predicate}. Otherwise a schema with a predicate is
   * rejected. Defaults to false.
   */
  default boolean takesConflictWhere() {
    return false;
  }

  /**
   * Returns whether {@link SqlDialect#insert} names a {@linkplain
   * io.batchflow.Schema#conflictConstraint() constraint}. Otherwise a schema with a constraint is
   * rejected. Defaults to false.
   */
  default boolean takesConflictConstraint() {
    return false;
  }

  /**
   * Returns whether a statement has one parameter for each column, with the values of all rows. Its
   * text is then the same for any number of rows. Defaults to false.
   */
  default boolean columnWise() {
    return false;
  }

  /** Returns the most parameters that a statement takes. */
  int maxParameters();

  /** Returns the most keys that {@link #delete} takes. Defaults to {@link #maxRows}. */
  default int maxDeletes(SqlTable table, List<SqlColumn> key) {
    return maxRows(table, key);
  }

  /** Returns the most rows that a statement takes. Defaults to as many as the parameters allow. */
  default int maxRows(SqlTable table, List<SqlColumn> present) {
    return columnWise() ? Integer.MAX_VALUE : Math.max(1, maxParameters() / present.size());
  }
}
