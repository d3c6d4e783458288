package io.batchflow.r2dbc;

import io.batchflow.BackendError;
import io.batchflow.BadRowException;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.DriverError;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.R2dbcException;
import org.jspecify.annotations.Nullable;

/** The meaning of R2DBC failures, by their codes and by the details that the driver has. */
final class R2dbcFailures {

  private final R2dbcDriver driver;
  private final SqlFailures byCode;

  R2dbcFailures(SqlDialect dialect, R2dbcDriver driver) {
    this.driver = driver;
    this.byCode = new SqlFailures(dialect, R2dbcFailures::driverError);
  }

  FailureKind classify(Throwable signalled) {
    FailureKind kind = byCode.classify(signalled);
    return BadRowException.causeOf(signalled) instanceof R2dbcException told
        ? driver.kind(kind, told)
        : kind;
  }

  /** Returns what the codes alone tell. */
  SqlFailures byCode() {
    return byCode;
  }

  SqlWriteException notConnected(Schema schema, Throwable failure) {
    boolean lasts = byCode.isRefusal(failure) || isOfOptions(failure);
    return SqlWriteException.notConnected(schema, lasts, failure);
  }

  boolean isLostRace(Schema schema, Throwable failure) {
    return byCode.isLostRace(schema, failure);
  }

  boolean isStatementLost(Throwable failure) {
    return byCode.isStatementLost(failure);
  }

  boolean isReadOnly(Throwable failure) {
    return byCode.isReadOnly(failure);
  }

  @Nullable BackendError backendError(Throwable failure) {
    return byCode.backendError(failure);
  }

  @Nullable String statusCode(Throwable failure) {
    return byCode.statusCode(failure);
  }

  /** Returns whether the driver rejects its options, such as a missing password. */
  private static boolean isOfOptions(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException) {
        return true;
      }
    }
    return false;
  }

  /** Returns the codes of an exception of the driver; null for any other exception. */
  private static @Nullable DriverError driverError(Throwable failure) {
    return failure instanceof R2dbcException told
        ? new DriverError(told.getSqlState(), told.getErrorCode())
        : null;
  }
}
