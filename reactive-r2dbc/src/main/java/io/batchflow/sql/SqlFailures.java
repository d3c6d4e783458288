package io.batchflow.sql;

import io.batchflow.BackendError;
import io.batchflow.BadRowException;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.RowAbsentException;
import io.batchflow.Schema;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of failures for a writer, by the codes of the driver's exceptions. For authors of
 * writers over {@link SqlDialect}. Safe for any thread.
 */
public final class SqlFailures {

  /** How often a writer repeats a statement that lost a race. */
  public static final int MAX_RACES = 3;

  private final SqlDialect dialect;
  private final Function<Throwable, @Nullable DriverError> driver;

  /**
   * Creates the meaning of a driver's failures.
   *
   * @param driver returns the codes of an exception of the driver; null for any other exception
   */
  public SqlFailures(SqlDialect dialect, Function<Throwable, @Nullable DriverError> driver) {
    this.dialect = dialect;
    this.driver = driver;
  }

  /** Returns what a failure means for its batch. */
  public FailureKind classify(Throwable signalled) {
    Throwable failure = BadRowException.causeOf(signalled);
    if (failure instanceof SqlWriteException own) {
      return own.kind();
    }
    if (failure instanceof RowAbsentException) {
      return FailureKind.DATA;
    }
    DriverError error = driver.apply(failure);
    return error == null
        ? FailureClassifier.standard().classify(failure)
        : dialect.classify(error.sqlState(), error.code());
  }

  /**
   * Returns whether the server refuses the user, the password or the database. The exception of a
   * pool has the exception of the driver as its cause.
   */
  public boolean isRefusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      DriverError error = driver.apply(cause);
      if (error != null && dialect.refusesConnection(error.sqlState(), error.code())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the code by which the database's manual lists a failure; null if it has none. The
   * exception of a writer or of a pool has the driver's as its cause.
   */
  public @Nullable String statusCode(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      DriverError error = driver.apply(cause);
      String code = error == null ? null : dialect.statusCode(error.sqlState(), error.code());
      if (code != null) {
        return code;
      }
    }
    return null;
  }

  /**
   * Returns what the database said about a failure; null if the driver gave no code. The exception
   * of a writer or of a pool has the driver's as its cause.
   */
  public @Nullable BackendError backendError(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      DriverError error = driver.apply(cause);
      if (error != null && (error.sqlState() != null || error.code() != 0)) {
        String state = error.sqlState();
        int code = error.code();
        String message = Objects.requireNonNullElse(cause.getMessage(), "");
        return new BackendError(
            state,
            code == 0 ? null : String.valueOf(code),
            dialect.isDuplicateKey(state, code, message));
      }
    }
    return null;
  }

  /** Returns whether a statement lost a race against another session, and may succeed at once. */
  public boolean isLostRace(Schema schema, Throwable failure) {
    DriverError error = driver.apply(BadRowException.causeOf(failure));
    return error != null && dialect.isLostRace(schema.onConflict(), error.sqlState(), error.code());
  }

  /** Returns whether the session no longer has a statement that the driver prepared. */
  public boolean isStatementLost(Throwable failure) {
    DriverError error = driver.apply(failure);
    String message = failure.getMessage();
    return error != null && message != null && dialect.isStatementLost(error.sqlState(), message);
  }

  /** Returns whether the session may not write, as on a replica. */
  public boolean isReadOnly(Throwable failure) {
    DriverError error = driver.apply(BadRowException.causeOf(failure));
    return error != null && dialect.isReadOnly(error.sqlState(), error.code());
  }
}
