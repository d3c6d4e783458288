package io.batchflow.sql.dialect;

/** How many bytes a value takes in a statement at most, whichever way the driver sends it. */
final class MySqlLiteral {

  private static final int PLAIN = 48;
  private static final int QUOTES = 16;

  private MySqlLiteral() {}

  /** Three bytes for each char of UTF-16 are enough, escaped or not: only ASCII is escaped. */
  static long bytes(Object value) {
    if (value instanceof String text) {
      return QUOTES + 3L * text.length();
    }
    if (value instanceof byte[] bytes) {
      return QUOTES + 2L * bytes.length;
    }
    return value instanceof Number number && !(number instanceof Long)
        ? PLAIN + (long) number.toString().length()
        : PLAIN;
  }
}
