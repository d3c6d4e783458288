package io.batchflow.examples;

/** Something that the person who runs the program can mend: shown as one line. */
final class LoadException extends RuntimeException {

  LoadException(String message) {
    super(message, null, false, false);
  }
}
