package io.batchflow.examples;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the type of a column from all its values: the narrowest that keeps every one as written. So
 * {@code 007} stays text, and so does a number with more digits than a double has.
 */
final class TypeInference {

  private static final Pattern TRUTH = Pattern.compile("(?i)true|false");
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

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

  /** Returns the type; of those that are possible, the first in the order of {@link ColumnType}. */
  ColumnType type() {
    return seen ? candidates.stream().findFirst().orElse(ColumnType.TEXT) : ColumnType.TEXT;
  }

  private static boolean keeps(ColumnType type, String text) {
    return switch (type) {
      case BOOLEAN -> TRUTH.matcher(text.strip()).matches();
      case INTEGER -> isNumber(text) && type.parse(text).isPresent();
      case REAL -> isNumber(text) && isExact(text.strip());
      default -> type.parse(text).isPresent();
    };
  }

  private static boolean isNumber(String text) {
    return NUMBER.matcher(text.strip()).matches();
  }

  private static boolean isExact(String number) {
    double real = Double.parseDouble(number);
    return Double.isFinite(real) && BigDecimal.valueOf(real).compareTo(new BigDecimal(number)) == 0;
  }
}
