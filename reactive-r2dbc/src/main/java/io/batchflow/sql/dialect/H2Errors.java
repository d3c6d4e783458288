package io.batchflow.sql.dialect;

import io.batchflow.FailureKind;
import org.jspecify.annotations.Nullable;

/** The meaning of H2's error codes. */
final class H2Errors {

  private H2Errors() {}

  /** Returns what a failure means; null if its SQLSTATE tells. */
  static @Nullable FailureKind kind(int code) {
    return switch (code) {
      // Lock timeout, concurrent update, row gone meanwhile, statement cancelled.
      case 50200, 90131, 90112, 57014 -> FailureKind.CONTENTION;
      // I/O error, connection broken, database closing, connection or statement closed.
      case 90028, 90031, 90067, 90098, 90121, 90007 -> FailureKind.UNKNOWN;
      default -> null;
    };
  }
}
