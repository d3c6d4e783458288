package io.batchflow.sql.dialect;

import io.batchflow.FailureKind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The meaning of PostgreSQL's SQLSTATEs: appendix A of its manual. */
final class PostgresStates {

  static final String READ_ONLY = "25006";

  /** The names that drivers give to their statements. A trigger may raise the same codes. */
  private static final Pattern DRIVER_STATEMENT =
      Pattern.compile("\"S_\\d+\"|unnamed prepared statement");

  private PostgresStates() {}

  static FailureKind classify(@Nullable String sqlState) {
    if (sqlState == null || sqlState.length() != 5) {
      return FailureKind.UNKNOWN;
    }
    return switch (sqlState) {
      // The statement was cancelled; a lock was not available.
      case "57014", "55P03", "55006" -> FailureKind.CONTENTION;
      // The server is starting or is read-only at the moment. A trigger may raise that too.
      case "57P03", READ_ONLY -> FailureKind.CONTENTION;
      // The session was ended, which may happen during the commit.
      case "57P01", "57P02", "57P05", "40003" -> FailureKind.UNKNOWN;
      default -> byClass(sqlState.substring(0, 2));
    };
  }

  private static FailureKind byClass(String stateClass) {
    return switch (stateClass) {
      // A bad row. 21000: a key twice in one statement. 54000: a value too long for an index.
      // P0001: raised by a trigger.
      case "21", "22", "23", "44", "54", "P0" -> FailureKind.DATA;
      // Another session was in the way; the server is short of something, as a trigger may raise.
      case "40", "53" -> FailureKind.CONTENTION;
      case "08", "58", "99" -> FailureKind.UNKNOWN;
      default -> FailureKind.PERMANENT;
    };
  }

  /** Returns whether the session no longer has a statement that the driver prepared. */
  static boolean isStatementLost(@Nullable String sqlState, String message) {
    return ("26000".equals(sqlState) || "42P05".equals(sqlState))
        && DRIVER_STATEMENT.matcher(message).find();
  }
}
