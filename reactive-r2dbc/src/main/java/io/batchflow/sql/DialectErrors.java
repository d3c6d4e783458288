package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a database's failures, by the codes that drivers give.
 *
 * <p>A part of {@link SqlDialect}.
 */
public interface DialectErrors {

  /**
   * Returns what a failure means, by its codes. The class of an exception is not used, as drivers
   * use the same class in different ways.
   *
   * <p>Defaults to the SQLSTATE classes of the SQL standard: 22 and 23 are the fault of a row, 40
   * is a conflict with another transaction, and after 08 or without a SQLSTATE the outcome is
   * unknown. All other failures last.
   *
   * @param sqlState the SQLSTATE, null if the driver gives none
   * @param code the vendor's code, 0 if the driver gives none
   */
  default FailureKind classify(@Nullable String sqlState, int code) {
    if (sqlState == null) {
      return FailureKind.UNKNOWN;
    }
    return switch (sqlState.substring(0, Math.min(2, sqlState.length()))) {
      case "22", "23" -> FailureKind.DATA;
      case "40" -> FailureKind.CONTENTION;
      case "08" -> FailureKind.UNKNOWN;
      default -> FailureKind.PERMANENT;
    };
  }

  /**
   * Returns the code by which the database's manual lists a failure, out of the two that drivers
   * give; null if they give neither. Defaults to the SQLSTATE, or else the vendor's code.
   *
   * @param sqlState the SQLSTATE, null if the driver gives none
   * @param code the vendor's code, 0 if the driver gives none
   */
  default @Nullable String statusCode(@Nullable String sqlState, int code) {
    return sqlState == null && code != 0 ? String.valueOf(code) : sqlState;
  }

  /**
   * Returns whether a row was refused because its key, or a value of a unique index, already
   * exists. Defaults to SQLSTATE 23505, the unique violation of the SQL standard.
   *
   * @param sqlState the SQLSTATE, null if the driver gives none
   * @param code the vendor's code, 0 if the driver gives none
   * @param message the message of the driver, which may quote values
   */
  default boolean isDuplicateKey(@Nullable String sqlState, int code, String message) {
    return "23505".equals(sqlState);
  }

  /**
   * Returns whether a failure to connect lasts until someone changes the configuration: the server
   * refuses this user, this password or this database. By default, these are the SQLSTATE classes
   * 28, 3D and 42, and without a SQLSTATE what {@link SqlDialect#classify} calls permanent.
   */
  default boolean refusesConnection(@Nullable String sqlState, int code) {
    return sqlState == null
        ? classify(null, code) == FailureKind.PERMANENT
        : sqlState.startsWith("28") || sqlState.startsWith("3D") || sqlState.startsWith("42");
  }

  /**
   * Returns whether a failure with an unknown outcome may have applied the batch even if the
   * session is still alive, as a failure at the commit may. Defaults to false.
   */
  default boolean isOfCommit(int code) {
    return false;
  }

  /**
   * Returns whether the session no longer has a statement that the driver prepared, as behind a
   * pooler that shares sessions. No row is to blame. Defaults to false.
   *
   * @param message the message of the database
   */
  default boolean isStatementLost(@Nullable String sqlState, String message) {
    return false;
  }

  /**
   * Returns whether the statement may have lost a race against another session: it saw no conflict,
   * but its insert met one. The writer then tries again at once, a few times. Defaults to false,
   * which is right if the database resolves conflicts itself.
   */
  default boolean isLostRace(ConflictStrategy strategy, @Nullable String sqlState, int code) {
    return false;
  }

  /**
   * Returns whether a transaction in which a statement failed rejects every further statement.
   * Defaults to false: only the statement is undone.
   */
  default boolean abortsTransaction() {
    return false;
  }

  /**
   * Returns whether the session may not write, as on a replica. The writer then closes the
   * connection, as the next one may lead to another server. Defaults to false.
   */
  default boolean isReadOnly(@Nullable String sqlState, int code) {
    return false;
  }

  /**
   * Returns the number of the row that an error is about, from 1; 0, which is the default, if the
   * message names none. A wrong number costs a few writes and no row.
   *
   * @param message the message of the database, which may quote values
   */
  default int badRow(String message) {
    return 0;
  }

  /**
   * Returns the statements that find the row that an error was about, if the message does not name
   * it. They run right after the failure on its connection. The last one is a query for the number,
   * from 1. They may fail. Defaults to none.
   */
  default List<String> badRowQueries() {
    return List.of();
  }
}
