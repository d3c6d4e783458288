package io.batchflow.examples;

/** What keeps a load from going on, in one line for whoever started it. */
final class LoadException extends RuntimeException {

  LoadException(String line) {
    super(line);
  }

  LoadException(String line, Throwable cause) {
    super(line, cause);
  }
}
