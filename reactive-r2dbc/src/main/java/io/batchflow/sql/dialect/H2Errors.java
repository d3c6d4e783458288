package io.batchflow.sql.dialect;

import io.batchflow.FailureKind;
import org.jspecify.annotations.Nullable;

/** The meaning of H2's error codes. */
final class H2Errors {

  private H2Errors() {}

  static FailureKind classify(@Nullable String sqlState, int code) {
    return switch (code) {
      // Lock timeout, concurrent update, row gone meanwhile, statement cancelled.
      case 50200, 90131, 90112, 57014 -> FailureKind.CONTENTION;
      // I/O error, connection broken, database closing, connection or statement closed.
      case 90028, 90031, 90067, 90098, 90121, 90007 -> FailureKind.UNKNOWN;
      default -> byState(sqlState);
    };
  }

  private static FailureKind byState(@Nullable String sqlState) {
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
}
