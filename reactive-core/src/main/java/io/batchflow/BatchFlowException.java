package io.batchflow;

import org.jspecify.annotations.Nullable;

/**
 * Whatever BatchFlow itself signals or throws. The family is closed, so a caller can tell the cases
 * apart by type; a database's own exception is the cause, untouched. Messages of this family name
 * tables, columns and options, never the values of a row.
 */
public abstract sealed class BatchFlowException extends RuntimeException
    permits InvalidSchemaException,
        InvalidRequestException,
        InvalidConfigurationException,
        QueueFullException,
        FlowClosedException,
        RequestExpiredException,
        RequestRejectedException,
        BatchWriteException,
        UnknownOutcomeException {

  /**
   * Creates the exception.
   *
   * @param stackTrace whether it is thrown at its maker; an outcome, signalled by the engine's own
   *     threads to one caller of many, would carry a trace that tells that caller nothing
   */
  BatchFlowException(String message, @Nullable Throwable cause, boolean stackTrace) {
    super(message, cause, true, stackTrace);
  }
}
