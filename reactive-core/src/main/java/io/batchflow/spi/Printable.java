package io.batchflow.spi;

/**
 * Names of tables and columns as they are fit for a message or a log line: a line feed or a
 * terminal's escape in a name must not forge a second line, or hide the first.
 */
public final class Printable {

  private static final int MAX_LENGTH = 200;

  private Printable() {}

  /**
   * Returns a name of one line, of a length that can be read: each character that is not printed is
   * escaped as in Java, and what exceeds 200 characters is cut off.
   */
  public static String of(String name) {
    return name.length() <= MAX_LENGTH ? line(name) : line(name.substring(0, MAX_LENGTH)) + '…';
  }

  /** Returns a text on one line: each character that is not printed is escaped as in Java. */
  public static String line(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPrinted(text.charAt(i))) {
        return escaped(text);
      }
    }
    return text;
  }

  private static String escaped(String text) {
    StringBuilder printed = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPrinted(c)) {
        printed.append(c);
      } else {
        printed.append(String.format("\\u%04x", (int) c));
      }
    }
    return printed.toString();
  }

  private static boolean isPrinted(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
