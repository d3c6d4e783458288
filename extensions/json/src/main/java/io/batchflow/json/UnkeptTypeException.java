package io.batchflow.json;

/** A value is of a type that cannot be kept; what it is, without the row that it is in. */
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
