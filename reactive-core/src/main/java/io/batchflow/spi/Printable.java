package io.batchflow.spi;

/**
 * Escapes names of tables and columns for messages and log lines. A line feed or a terminal escape
 * in a name must not forge or hide a line.
 */
public final class Printable {

  private static final int MAX_LENGTH = 200;

  private Printable() {}

  /**
   * Returns a name on one line: non-printable characters are escaped as in Java, and the name is
   * truncated after 200 characters.
   */
  public static String of(String name) {
    return name.length() <= MAX_LENGTH ? line(name) : line(name.substring(0, MAX_LENGTH)) + '…';
  }

  /** Returns a text on one line: non-printable characters are escaped as in Java. */
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
