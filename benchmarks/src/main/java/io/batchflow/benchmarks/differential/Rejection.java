package io.batchflow.benchmarks.differential;

/** The database, the driver or the rules of conversion rejected a plain statement. */
final class Rejection extends Exception {

  private final int code;

  Rejection(int code, String message) {
    super(message);
    this.code = code;
  }

  /** Returns the error code of the database; 0 if there is none. */
  int code() {
    return code;
  }

  String why() {
    String message = String.valueOf(getMessage()).lines().findFirst().orElse("");
    return message.length() > 160 ? message.substring(0, 160) + "…" : message;
  }
}
