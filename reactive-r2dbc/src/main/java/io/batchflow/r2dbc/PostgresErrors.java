package io.batchflow.r2dbc;

import io.batchflow.FailureKind;
import io.r2dbc.postgresql.api.ErrorDetails;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;

/**
 * Uses details of a PostgreSQL error beside its SQLSTATE, which a function may raise at will. An
 * ERROR rolls the statement back and leaves the session alive, whatever its code. Loaded only if
 * r2dbc-postgresql is on the class path.
 */
final class PostgresErrors {

  private PostgresErrors() {}

  /**
   * Returns what a failure means.
   *
   * @param byState what its SQLSTATE alone means
   */
  static FailureKind kind(FailureKind byState, R2dbcException failure) {
    if (byState != FailureKind.UNKNOWN || !(failure instanceof PostgresqlException told)) {
      return byState;
    }
    ErrorDetails details = told.getErrorDetails();
    if (!"ERROR".equals(details.getSeverityNonLocalized())) {
      return byState;
    }
    boolean raised = details.getRoutine().filter("exec_stmt_raise"::equals).isPresent();
    // An ERROR may mean that a foreign server was lost during its commit.
    boolean elsewhere = details.getCode().startsWith("08");
    return raised || !elsewhere ? FailureKind.CONTENTION : byState;
  }
}
