package io.batchflow.examples;

/** A load cannot go on. The message is one line for the user. */
final class LoadException extends RuntimeException {

  LoadException(String line) {
    super(line);
  }

  LoadException(String line, Throwable cause) {
    super(line, cause);
  }
}
