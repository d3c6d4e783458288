package io.batchflow.examples;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Locale;

/** The types that a CSV value can become; from the narrowest to the one that takes everything. */
enum ColumnType {
  BIGINT("a whole number"),
  DOUBLE("a number"),
  BOOLEAN("true or false"),
  DATE("a date such as 2026-01-31"),
  TIMESTAMP("a time such as 2026-01-31T12:00:00"),
  TIMESTAMP_WITH_TIME_ZONE("a time such as 2026-01-31T12:00:00Z"),
  TEXT("text");

  private final String meaning;

  ColumnType(String meaning) {
    this.meaning = meaning;
  }

  String meaning() {
    return meaning;
  }

  /**
   * Returns the value that a text stands for.
   *
   * @throws RuntimeException if it stands for none of this type
   */
  Object parse(String text) {
    return switch (this) {
      case BIGINT -> wholeNumber(text);
      case DOUBLE -> number(text);
      case BOOLEAN -> truth(text);
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> LocalDateTime.parse(text);
      case TIMESTAMP_WITH_TIME_ZONE -> OffsetDateTime.parse(text);
      case TEXT -> text;
    };
  }

  boolean accepts(String text) {
    try {
      parse(text);
      return true;
    } catch (RuntimeException no) {
      return false;
    }
  }

  /** Returns the type for values of a column that a database declares so. */
  static ColumnType declared(String type) {
    String upper = type.toUpperCase(Locale.ROOT);
    if (upper.startsWith("TIMESTAMP")) {
      return upper.contains("WITH TIME ZONE") ? TIMESTAMP_WITH_TIME_ZONE : TIMESTAMP;
    }
    if (upper.contains("INT") && !upper.startsWith("INTERVAL")) {
      return BIGINT;
    }
    if (upper.contains("REAL") || upper.contains("FLOA") || upper.contains("DOUB")) {
      return DOUBLE;
    }
    return switch (upper) {
      case "BOOLEAN" -> BOOLEAN;
      case "DATE" -> DATE;
      default -> TEXT;
    };
  }

  /** Not 007 nor +1: text that would change on the way. */
  private static Object wholeNumber(String text) {
    long number = Long.parseLong(text);
    return check(Long.toString(number).equals(text), number);
  }

  private static Object number(String text) {
    boolean plain = text.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    return check(plain, Double.parseDouble(text));
  }

  private static Object truth(String text) {
    boolean truth = text.equalsIgnoreCase("true");
    return check(truth || text.equalsIgnoreCase("false"), truth);
  }

  private static Object check(boolean holds, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("not of this type");
    }
    return value;
  }
}
