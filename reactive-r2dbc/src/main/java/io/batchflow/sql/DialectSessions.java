package io.batchflow.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a database: how they are set up, and how one of them ends another.
 *
 * <p>A part of {@link SqlDialect}.
 */
public interface DialectSessions {

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
   * {@linkplain SqlDialect#interrupt interrupt} it; null, which is the default, if they cannot.
   * Where they can {@linkplain SqlDialect#endSession end} it too, a second column has a text that
   * no other session of that number ever has.
   */
  default @Nullable String sessionIdQuery() {
    return null;
  }

  /**
   * Returns the statement by which another session ends the one that runs in a session, and nothing
   * else of it.
   *
   * @param sessionId what {@link SqlDialect#sessionIdQuery} gave there
   */
  default String interrupt(long sessionId) {
    throw new UnsupportedOperationException("This dialect interrupts no sessions");
  }

  /**
   * Returns the statement by which another session ends a session with all that it does; null,
   * which is the default, if none can. That it fails where the session is gone is of no
   * consequence.
   *
   * @param sessionId what {@link SqlDialect#sessionIdQuery} gave there
   * @param mark what it gave there second
   */
  default @Nullable String endSession(long sessionId, String mark) {
    return null;
  }

  /**
   * Returns the query that has a row for as long as a session is there, or may be. Once it has
   * none, nothing of that session is applied later.
   *
   * @param sessionId what {@link SqlDialect#sessionIdQuery} gave there
   * @param mark what it gave there second
   */
  default String findSession(long sessionId, String mark) {
    throw new UnsupportedOperationException("This dialect ends no sessions");
  }

  /**
   * Returns whether the database runs in this process, so that nothing of a write is applied after
   * its call has returned. Defaults to false.
   */
  default boolean inProcess() {
    return false;
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
   * it changes nothing. Where {@link SqlDialect#begin()} begins transactions it may begin one, and
   * fails with whatever code if it cannot. Defaults to null: the driver alone is asked.
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
