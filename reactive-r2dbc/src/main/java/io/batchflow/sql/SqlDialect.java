package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the SQL writers need to know of a database: its texts, its limits, its error codes. {@code
 * io.batchflow.sql.dialect.Dialects} has those that the library knows. A further database is a
 * further implementation, given to a writer when it is created.
 *
 * <p>Implementations are stateless and safe for any thread. Values never become part of a text:
 * every one is a parameter.
 */
public interface SqlDialect {

  /** Returns the name that drivers report for this database. */
  String product();

  /** Returns what OpenTelemetry calls this database. Defaults to {@code other_sql}. */
  default String system() {
    return "other_sql";
  }

  /**
   * Returns the code that this database's manual lists its failures by, of the two that drivers
   * give; null where they give neither. Defaults to the SQLSTATE, else the vendor's code.
   *
   * @param sqlState the SQLSTATE, null where the driver gives none
   * @param code the vendor's code, 0 where the driver gives none
   */
  default @Nullable String statusCode(@Nullable String sqlState, int code) {
    return sqlState == null && code != 0 ? String.valueOf(code) : sqlState;
  }

  /**
   * Returns this dialect with texts for JDBC, where every parameter is written {@code ?}. Defaults
   * to this dialect, which is right where the R2DBC drivers write {@code ?} as well.
   */
  default SqlDialect forJdbc() {
    return this;
  }

  /** Returns an identifier in quotes, so that any name, reserved or odd, stands for itself. */
  String quote(String identifier);

  /**
   * Returns the query that reads the tables of a name, whatever its case: one parameter, the name;
   * one row for each column, with the eleven components of {@link CatalogRow} in their order.
   */
  String catalogQuery();

  /**
   * Returns why no batch can be written to a table, judged by its {@linkplain SqlTable#kind()
   * kind}; null, which is the default, if nothing speaks against it.
   */
  default @Nullable String problemOf(SqlTable table) {
    return null;
  }

  /**
   * Returns the query for a number that changes whenever the definition of a table does, which is
   * run in each transaction: a batch for a table that has changed is made anew. Only for a database
   * that is asked without a round trip. Defaults to null.
   */
  default @Nullable String versionQuery(SqlTable table) {
    return null;
  }

  /**
   * Returns the statement that stores rows as the table's {@linkplain
   * io.batchflow.Schema#onConflict() strategy} says, with one parameter for each value, row by row,
   * or one for each column if {@link #columnWise()}.
   *
   * @param present the columns that these rows set, at least one
   * @param rows the number of rows, from 1 to {@link #maxRows}
   * @throws SqlWriteException if the table cannot serve the strategy
   */
  String insert(SqlTable table, List<SqlColumn> present, int rows);

  /**
   * Returns the statement whose failure tells the database's own reason, where {@link #insert}
   * failed by a guard that the dialect put there. It is run for one row, with the same parameters,
   * and rolled back. Defaults to null: there is no such guard, or it did not fail.
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
   * Returns the statement that stores rows as {@link #insert} does and returns, for each, its
   * number from 1 and whether it was inserted (true), updated (false), or neither (null). A row of
   * which that is not certain is left out. Returns null, which is the default, if the database
   * cannot tell.
   */
  default @Nullable String insertReturning(SqlTable table, List<SqlColumn> present, int rows) {
    return null;
  }

  /**
   * Returns the statement that stores rows as {@link #insert} does where some may have the same
   * key: as if each were stored by itself, in their order. Null, which is the default, if there is
   * none; then each row has a statement of its own.
   */
  default @Nullable String insertRepeated(SqlTable table, List<SqlColumn> present, int rows) {
    return null;
  }

  /**
   * Returns the statement that stores rows as {@link #insertRepeated} does and returns what {@link
   * #insertReturning} returns; null, which is the default, if the database cannot tell.
   */
  default @Nullable String insertRepeatedReturning(
      SqlTable table, List<SqlColumn> present, int rows) {
    return null;
  }

  /** Returns how a table compares conflict keys. Defaults to {@link KeyEquality#byValue()}. */
  default KeyEquality keyEquality(SqlTable table) {
    return KeyEquality.byValue();
  }

  /**
   * Returns the query for those keys which the table holds, with one parameter for each value of a
   * conflict key, row by row, and a result of the rows' numbers, from 1. Only for a database where
   * a transaction, once {@linkplain #begin() begun}, keeps others from writing. Defaults to null.
   */
  default @Nullable String selectExisting(SqlTable table, int rows) {
    return null;
  }

  /**
   * Returns the query for those keys which stand for one row of the table each: parameters and
   * result as for {@link #selectExisting}. It is run after the statement, in its transaction.
   * Defaults to null.
   */
  default @Nullable String selectDistinct(SqlTable table, int rows) {
    return null;
  }

  /**
   * Returns whether a row that a statement counts is now in the table, just as it was given: no
   * view, trigger or rule may have dropped it or stored another. Where that is not so, nothing is
   * told of what a row did. Defaults to false.
   */
  default boolean storesAsGiven(SqlTable table) {
    return false;
  }

  /**
   * Returns whether a statement has one parameter for each column, which holds the values of all
   * rows, so that its text is the same for any number of rows. Defaults to false.
   */
  default boolean columnWise() {
    return false;
  }

  /**
   * Returns the parameter that holds a column's values, for a {@link #columnWise()} dialect.
   *
   * @param values one for each row, in their order
   * @throws IllegalArgumentException if a value's type cannot be stored; its message begins with
   *     that type
   */
  default Object encodeColumn(SqlColumn column, List<@Nullable Object> values) {
    throw new UnsupportedOperationException(product() + " takes values row by row");
  }

  /**
   * Returns the query for what the session allows, which is run when a table is looked up: one row
   * with the most bytes of a statement, and what is wrong with the session so that nothing can be
   * written, null if nothing is. Defaults to null: no limit, nothing wrong.
   */
  default @Nullable String sessionQuery() {
    return null;
  }

  /**
   * Returns the query for the number that other sessions know this one by, so that they can
   * {@linkplain #interrupt interrupt} it; null, which is the default, if they cannot. Where they
   * can {@linkplain #endSession end} it too, a second column has a text that no other session of
   * that number ever has.
   */
  default @Nullable String sessionIdQuery() {
    return null;
  }

  /**
   * Returns the statement by which another session ends the one that runs in a session, and nothing
   * else of it.
   *
   * @param sessionId what {@link #sessionIdQuery} gave there
   */
  default String interrupt(long sessionId) {
    throw new UnsupportedOperationException(product() + " interrupts no sessions");
  }

  /**
   * Returns the statement by which another session ends a session with all that it does; null,
   * which is the default, if none can. That it fails where the session is gone is of no
   * consequence.
   *
   * @param sessionId what {@link #sessionIdQuery} gave there
   * @param mark what it gave there second
   */
  default @Nullable String endSession(long sessionId, String mark) {
    return null;
  }

  /**
   * Returns the query that has a row for as long as a session is there, or may be. Once it has
   * none, nothing of that session is applied later.
   *
   * @param sessionId what {@link #sessionIdQuery} gave there
   * @param mark what it gave there second
   */
  default String findSession(long sessionId, String mark) {
    throw new UnsupportedOperationException(product() + " ends no sessions");
  }

  /**
   * Returns whether the database runs in this process, so that nothing of a write is applied after
   * its call has returned. Defaults to false.
   */
  default boolean inProcess() {
    return false;
  }

  /** Returns the most parameters that a statement takes. */
  int maxParameters();

  /** Returns the most rows that a statement takes. Defaults to what the parameters allow. */
  default int maxRows(SqlTable table, List<SqlColumn> present) {
    return columnWise() ? Integer.MAX_VALUE : Math.max(1, maxParameters() / present.size());
  }

  /**
   * Returns the value as the database's drivers take it, or null if they cannot take its type.
   * Defaults to the value itself.
   *
   * @throws IllegalArgumentException if they cannot take this value; the message says why, without
   *     the value
   */
  default @Nullable Object encode(SqlColumn column, Object value) {
    return value;
  }

  /**
   * Returns how many bytes an encoded value takes in a statement at most. Asked only if there is a
   * {@link #sessionQuery()}. Defaults to 0.
   */
  default long literalBytes(Object value) {
    return 0;
  }

  /**
   * Returns what a failure means, by its codes; an exception's class says nothing, as drivers
   * contradict each other.
   *
   * @param sqlState the SQLSTATE, null where the driver gives none
   * @param code the vendor's code, 0 where the driver gives none
   */
  FailureKind classify(@Nullable String sqlState, int code);

  /**
   * Returns whether a failure to connect lasts until someone changes the configuration: the server
   * refuses this user, this password or this database. Defaults to the SQLSTATE's class, 28, 3D or
   * 42; where there is no SQLSTATE, to what {@link #classify} calls permanent.
   */
  default boolean refusesConnection(@Nullable String sqlState, int code) {
    return sqlState == null
        ? classify(null, code) == FailureKind.PERMANENT
        : sqlState.startsWith("28") || sqlState.startsWith("3D") || sqlState.startsWith("42");
  }

  /**
   * Returns whether a failure that leaves open what was applied does so even if the session goes
   * on, as one at the commit does. Defaults to false.
   */
  default boolean isOfCommit(int code) {
    return false;
  }

  /**
   * Returns whether a prepared statement that the driver made is not the session's any more, as
   * behind a pooler that shares sessions: no row is to blame. Defaults to false.
   *
   * @param message the database's own
   */
  default boolean isStatementLost(@Nullable String sqlState, String message) {
    return false;
  }

  /**
   * Returns whether the failure may be a race that another session won: the statement saw no
   * conflict, and at its insert there was one. The writer then tries again at once, a few times.
   * Defaults to false, which is right where the database resolves conflicts by itself.
   */
  default boolean isLostRace(ConflictStrategy strategy, @Nullable String sqlState, int code) {
    return false;
  }

  /**
   * Returns whether the session may not write, as on a replica: the writer then gives its
   * connection up, as the next may lead to another server. Defaults to false.
   */
  default boolean isReadOnly(@Nullable String sqlState, int code) {
    return false;
  }

  /**
   * Returns which of a statement's rows an error is about, from 1; 0, which is the default, where
   * its message does not say. A wrong answer costs a few writes and no row.
   *
   * @param message the database's own, which may quote values
   */
  default int badRow(String message) {
    return 0;
  }

  /**
   * Returns what tells which of a statement's rows an error was about, where the message does not:
   * statements to run right after it on its connection, the last a query of one number, from 1.
   * Defaults to none. That one of them fails is of no consequence.
   */
  default List<String> badRowQueries() {
    return List.of();
  }

  /**
   * Returns whether the database's R2DBC driver blocks the thread that subscribes. Defaults to
   * false.
   */
  default boolean blocking() {
    return false;
  }

  /**
   * Returns what to run first on a connection that a writer keeps for itself. Defaults to nothing.
   */
  default List<String> setup() {
    return List.of();
  }

  /**
   * Returns the statement that tells whether a JDBC connection that was handed out is within a
   * transaction: there it fails with SQLSTATE 25001 or returns a value that is not null, elsewhere
   * it changes nothing. Where {@link #begin()} begins transactions it may begin one, and fails with
   * whatever code if it cannot. Defaults to null: the driver alone is asked.
   */
  default @Nullable String transactionQuery() {
    return null;
  }

  /**
   * Returns the statement that begins a transaction over JDBC, which then ends by {@code COMMIT} or
   * {@code ROLLBACK}. Defaults to null: JDBC's own transactions.
   */
  default @Nullable String begin() {
    return null;
  }
}
