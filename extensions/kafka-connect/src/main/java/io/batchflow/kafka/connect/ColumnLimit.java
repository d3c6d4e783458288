package io.batchflow.kafka.connect;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the type of a column takes at most: numbers below a bound, or texts of a length. */
final class ColumnLimit {

  private enum Family {
    INTEGER,
    REAL,
    DECIMAL,
    TEXT
  }

  private static final Pattern TYPE =
      Pattern.compile("([a-z ]*[a-z]) *(?:\\((\\d+)(?:, *(\\d+))?\\))?");

  private static final BigDecimal LAST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private final Family family;
  private final String type;

  /** The digits of a decimal after its point. */
  private final int scale;

  /** All numbers are below it. */
  private final BigDecimal bound;

  /** The last whole number, as far as it is a long; the first one is its negative. */
  private final long last;

  private final int characters;

  private ColumnLimit(Family family, String type, int scale, BigDecimal bound, int characters) {
    this.family = family;
    this.type = type;
    this.scale = scale;
    this.bound = bound;
    this.last = bound.subtract(BigDecimal.ONE).min(LAST_LONG).longValue();
    this.characters = characters;
  }

  /** Returns the limit of a type, as the database spells it; null if it is not known. */
  static @Nullable ColumnLimit of(String type) {
    Matcher parts = TYPE.matcher(type.toLowerCase(Locale.ROOT).strip());
    if (!parts.matches()) {
      return null; // such as an unsigned one
    }
    return switch (parts.group(1)) {
      case "tinyint" -> integer(type, 7);
      case "smallint" -> integer(type, 15);
      case "mediumint" -> integer(type, 23);
      case "int", "integer" -> integer(type, 31);
      case "bigint" -> integer(type, 63);
      case "real" ->
          new ColumnLimit(
              Family.REAL, type, 0, new BigDecimal(Float.MAX_VALUE).add(BigDecimal.ONE), 0);
      case "numeric", "decimal" -> decimal(type, parts.group(2), parts.group(3));
      case "character varying", "varchar", "character", "char" -> text(type, parts.group(2));
      default -> null;
    };
  }

  private static ColumnLimit integer(String type, int bits) {
    return new ColumnLimit(
        Family.INTEGER, type, 0, new BigDecimal(BigInteger.ONE.shiftLeft(bits)), 0);
  }

  private static @Nullable ColumnLimit decimal(
      String type, @Nullable String precision, @Nullable String scale) {
    if (precision == null) {
      return null;
    }
    int after = scale == null ? 0 : Integer.parseInt(scale);
    int before = Integer.parseInt(precision) - after;
    return new ColumnLimit(
        Family.DECIMAL, type, after, BigDecimal.ONE.scaleByPowerOfTen(before), 0);
  }

  private static @Nullable ColumnLimit text(String type, @Nullable String length) {
    return length == null
        ? null
        : new ColumnLimit(Family.TEXT, type, 0, BigDecimal.ONE, Integer.parseInt(length));
  }

  /** Returns false if the database would reject a value because of its size. */
  boolean takes(Object value) {
    if (value instanceof String text) {
      return family != Family.TEXT
          || text.length() <= characters
          || text.codePointCount(0, text.length()) <= characters;
    }
    if (family == Family.TEXT || !(value instanceof Number number)) {
      return true;
    }
    if (value instanceof Double || value instanceof Float) {
      double size = Math.abs(number.doubleValue());
      return !Double.isFinite(size) || size <= bound.doubleValue();
    }
    if (value instanceof BigDecimal || value instanceof BigInteger) {
      BigDecimal size = new BigDecimal(value.toString()).abs();
      return size.compareTo(bound) <= 0; // the database decides about the bound itself
    }
    long whole = number.longValue();
    return whole <= last && whole >= first();
  }

  private long first() {
    return family == Family.INTEGER ? -last - 1 : -last;
  }

  /**
   * Returns whether a column of this type keeps all of its values as another type.
   *
   * @param digits the digits after the point, if the other type is a decimal
   */
  boolean widensTo(ColumnKind kind, int digits) {
    return switch (family) {
      case INTEGER ->
          kind == ColumnKind.INTEGER || kind == ColumnKind.BIGINT || kind == ColumnKind.DECIMAL;
      case REAL -> kind == ColumnKind.DOUBLE;
      case DECIMAL -> kind == ColumnKind.DECIMAL && digits >= scale;
      case TEXT -> false; // someone chose the length
    };
  }

  /** Returns the type, as the database spells it. */
  @Override
  public String toString() {
    return type;
  }
}
