package io.batchflow.json;

/** A stored value cannot be read. Names the problem, never the value. */
final class UnreadableValueException extends IllegalArgumentException {

  UnreadableValueException(String what) {
    super(what);
  }
}
