package io.batchflow.examples;

import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Infers the type of a column from all its values: the narrowest type that keeps every value as
 * written. A text counts as a number only if the number prints as it was read, so {@code 007},
 * {@code 1.10} and {@code 1e5} stay text.
 */
final class TypeInference {

  private static final Pattern TRUTH = Pattern.compile("(?i)true|false");

  /** Without exponent and negative zero, which databases print differently. */
  private static final Pattern DECIMAL = Pattern.compile("(?!-0\\.0$)-?[0-9]+\\.[0-9]+");

  private final Set<ColumnType> candidates =
      EnumSet.of(
          ColumnType.BOOLEAN,
          ColumnType.INTEGER,
          ColumnType.REAL,
          ColumnType.ZONED_TIMESTAMP,
          ColumnType.TIMESTAMP,
          ColumnType.DATE);

  private boolean seen;

  void accept(String text) {
    seen = true;
    candidates.removeIf(type -> !keeps(type, text));
  }

  /** Returns the type: the first possible one in the order of {@link ColumnType}. */
  ColumnType type() {
    return seen ? candidates.stream().findFirst().orElse(ColumnType.TEXT) : ColumnType.TEXT;
  }

  private static boolean keeps(ColumnType type, String text) {
    return switch (type) {
      case BOOLEAN -> TRUTH.matcher(text.strip()).matches();
      case INTEGER -> printsAs(text, type);
      case REAL -> DECIMAL.matcher(text).matches() && printsAs(text, type);
      default -> type.parse(text).isPresent();
    };
  }

  private static boolean printsAs(String text, ColumnType type) {
    return type.parse(text).filter(number -> number.toString().equals(text)).isPresent();
  }
}
