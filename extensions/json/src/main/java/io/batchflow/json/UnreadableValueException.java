package io.batchflow.json;

/** A kept value cannot be read. Says what it is, and never the value. */
final class UnreadableValueException extends IllegalArgumentException {

  UnreadableValueException(String what) {
    super(what);
  }
}
