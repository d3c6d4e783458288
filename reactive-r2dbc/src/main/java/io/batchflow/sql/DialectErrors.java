package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the failures of a database mean, judged by the codes that drivers give.
 *
 * <p>A part of {@link SqlDialect}.
 */
public interface DialectErrors {

  /**
   * Returns what a failure means, by its codes; an exception's class says nothing, as drivers
   * contradict each other.
   *
   * @param sqlState the SQLSTATE, null where the driver gives none
   * @param code the vendor's code, 0 where the driver gives none
   */
  FailureKind classify(@Nullable String sqlState, int code);

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
   * Returns whether a failure to connect lasts until someone changes the configuration: the server
   * refuses this user, this password or this database. Defaults to the SQLSTATE's class, 28, 3D or
   * 42; where there is no SQLSTATE, to what {@link SqlDialect#classify} calls permanent.
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
}
