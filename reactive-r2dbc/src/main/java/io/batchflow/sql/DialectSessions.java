package io.batchflow.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a database: how they are set up, and how one session ends another.
 *
 * <p>A part of {@link SqlDialect}.
 */
public interface DialectSessions {

  /**
   * Returns the query for the limits of the session, which runs when a table is looked up. Its
   * result is one row with the most bytes of a statement, and the reason why nothing can be written
   * in the session, null if there is none. Defaults to null: there are no limits.
   */
  default @Nullable String sessionQuery() {
    return null;
  }

  /**
   * Returns the query for a text with everything of a session that the look-up of a table depends
   * on, such as where a name without a qualifier is looked up: in two sessions with the same text,
   * {@link SqlDialect#catalogQuery()} and {@link #sessionQuery()} have the same results. It runs in
   * a session that the writer did not open. Defaults to null: there each table is looked up anew.
   */
  default @Nullable String sessionContextQuery() {
    return null;
  }

  /**
   * Returns the query for the number of the session, by which other sessions {@linkplain
   * SqlDialect#interrupt interrupt} it; null, which is the default, if they cannot. If they can
   * also {@linkplain SqlDialect#endSession end} it, a second column has a text that no other
   * session with this number ever has.
   */
  default @Nullable String sessionIdQuery() {
    return null;
  }

  /**
   * Returns the statement by which another session stops the running statement of a session, and
   * nothing else.
   *
   * @param sessionId the number from {@link SqlDialect#sessionIdQuery}
   */
  default String interrupt(long sessionId) {
    throw new UnsupportedOperationException("This dialect interrupts no sessions");
  }

  /**
   * Returns the statement by which another session ends a session; null, which is the default, if
   * none can. It may fail if the session is gone.
   *
   * @param sessionId the number from {@link SqlDialect#sessionIdQuery}
   * @param mark the text from the same query
   */
  default @Nullable String endSession(long sessionId, String mark) {
    return null;
  }

  /**
   * Returns the query that has a row for as long as a session exists, or may exist. Once it has
   * none, nothing of that session is applied later.
   *
   * @param sessionId the number from {@link SqlDialect#sessionIdQuery}
   * @param mark the text from the same query
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
   * Returns the statements to run first on a connection that the writer opens. Defaults to none.
   */
  default List<String> setup() {
    return List.of();
  }

  /**
   * Returns the statement that detects whether a JDBC connection is within a transaction. Within
   * one, it fails with SQLSTATE 25001 or returns a value that is not null. Otherwise it changes
   * nothing. A dialect with {@link SqlDialect#begin()} may begin a transaction here, and fail with
   * any code if it cannot. Defaults to null: only the driver is asked.
   */
  default @Nullable String transactionQuery() {
    return null;
  }

  /**
   * Returns the statement that begins a transaction over JDBC. The transaction then ends with
   * {@code COMMIT} or {@code ROLLBACK}. Defaults to null: the transactions of JDBC are used.
   */
  default @Nullable String begin() {
    return null;
  }
}
