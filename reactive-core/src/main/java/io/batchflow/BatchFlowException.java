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

  BatchFlowException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
