package io.batchflow.r2dbc;

import io.batchflow.FailureKind;
import io.r2dbc.postgresql.api.ErrorDetails;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;

/**
 * What PostgreSQL tells beside the SQLSTATE, which a function may raise as it likes: an ERROR rolls
 * the statement back and leaves the session as it is, whatever its code. Touched only where
 * r2dbc-postgresql is there.
 */
final class PostgresErrors {

  private PostgresErrors() {}

  /** Returns what a failure means, of which the SQLSTATE alone says {@code byState}. */
  static FailureKind kind(FailureKind byState, R2dbcException failure) {
    boolean ofSession = byState == FailureKind.UNKNOWN || byState == FailureKind.TRANSIENT;
    if (!ofSession || !(failure instanceof PostgresqlException told)) {
      return byState;
    }
    ErrorDetails details = told.getErrorDetails();
    if (!"ERROR".equals(details.getSeverityNonLocalized())) {
      return byState;
    }
    boolean raised = details.getRoutine().filter("exec_stmt_raise"::equals).isPresent();
    // A foreign server may be lost during its own commit, which is an ERROR here.
    boolean elsewhere = details.getCode().startsWith("08");
    return raised || (byState == FailureKind.UNKNOWN && !elsewhere)
        ? FailureKind.CONTENTION
        : byState;
  }
}
