package io.batchflow.kafka.connect;

/** A table cannot be read, created or changed. No record is at fault, so the task fails. */
final class TableException extends RuntimeException {

  TableException(String message, Throwable cause) {
    super(message, cause);
  }
}
