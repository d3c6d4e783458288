package io.batchflow.spring.boot.actuate;

import io.batchflow.BatchFlowException;
import io.batchflow.OutcomeStatus;
import org.jspecify.annotations.Nullable;

/**
 * What errors of rows have in common. Holds no message of a driver, which may have values of rows.
 * Immutable.
 *
 * @param table the table of the rows
 * @param status how the rows ended
 * @param type the class of the error that the caller got
 * @param cause the class of the backend's failure; null if there is none
 * @param sqlState the code of the SQL standard; null if the backend gave none
 * @param code the code of the backend; null if it gave none
 */
public record ErrorKind(
    String table,
    OutcomeStatus status,
    String type,
    @Nullable String cause,
    @Nullable String sqlState,
    @Nullable String code) {

  static ErrorKind of(String table, BatchFlowException error) {
    Throwable cause = error.getCause();
    return new ErrorKind(
        table,
        error.status(),
        error.getClass().getSimpleName(),
        cause == null ? null : cause.getClass().getName(),
        error.sqlState(),
        error.code());
  }
}
