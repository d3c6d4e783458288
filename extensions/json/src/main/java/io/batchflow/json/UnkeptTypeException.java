package io.batchflow.json;

/** A value has a type that cannot be stored. Names the type, not the row. */
final class UnkeptTypeException extends RuntimeException {

  private final String type;

  UnkeptTypeException(String type) {
    super(type);
    this.type = type;
  }

  String type() {
    return type;
  }
}
