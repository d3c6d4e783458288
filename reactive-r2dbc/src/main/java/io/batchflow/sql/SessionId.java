package io.batchflow.sql;

import org.jspecify.annotations.Nullable;

/**
 * Identifies a session of the database to other sessions, as {@link SqlDialect#sessionIdQuery} told
 * it.
 *
 * @param number the number of the session, which a later session may get again
 * @param mark a text that no other session with this number has; null if it cannot be ended
 */
public record SessionId(long number, @Nullable String mark) {

  /**
   * The statements by which another session ends a session.
   *
   * @param find the query that has a row for as long as the session may be there
   * @param end the statement that ends the session
   */
  public record End(String find, String end) {}

  /** Returns the statements by which another session ends this one; null if none can. */
  public @Nullable End end(SqlDialect dialect) {
    String end = mark == null ? null : dialect.endSession(number, mark);
    return mark == null || end == null ? null : new End(dialect.findSession(number, mark), end);
  }
}
