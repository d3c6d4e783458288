package io.batchflow.json;

/** Names as they are fit for a message: one line, of a length that can be read. */
final class Printable {

  private static final int MAX_LENGTH = 200;

  private Printable() {}

  /** Returns the name with an escape for each character that is not printed, and cut short. */
  static String of(String name) {
    StringBuilder printed = new StringBuilder();
    int end = Math.min(name.length(), MAX_LENGTH);
    for (int i = 0; i < end; i++) {
      char c = name.charAt(i);
      if (isPrinted(c)) {
        printed.append(c);
      } else {
        printed.append(String.format("\\u%04x", (int) c));
      }
    }
    return end < name.length() ? printed.append('…').toString() : printed.toString();
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
