package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Converts the values of a key to compare them with stored ones. MySQL and MariaDB convert a value
 * when they store it, but compare values of different types as numbers: the text column '05' equals
 * the number 5. So a value gets the type of its column here. Values that a column would round or
 * spell in a way that only the server knows are rejected.
 */
final class MySqlKeyValues {

  private static final Pattern TYPE =
      Pattern.compile("([a-z]+)(?:\\((\\d+)(?:, ?(\\d+))?\\))?.*", Pattern.DOTALL);

  private MySqlKeyValues() {}

  /**
   * Returns the value as the column stores it.
   *
   * @param value a value that the drivers take
   * @throws IllegalArgumentException if that is not certain
   */
  static Object of(SqlColumn column, Object value) {
    Matcher type = TYPE.matcher(column.type().toLowerCase(Locale.ROOT));
    if (!type.matches()) {
      throw uncertain(value);
    }
    int size = type.group(2) == null ? 0 : Integer.parseInt(type.group(2));
    return switch (type.group(1)) {
      case "tinyint", "smallint", "mediumint", "int", "bigint" -> integer(value);
      case "decimal" -> decimal(value, type.group(3) == null ? 0 : Integer.parseInt(type.group(3)));
      case "double" -> ifTrue(value instanceof Number, value);
      case "char" -> unpadded(text(value), 0);
      case "varchar" -> unpadded(text(value), size);
      case "tinytext", "text", "mediumtext", "longtext" -> text(value);
      case "enum", "uuid" -> ifTrue(value instanceof String, value);
      case "binary" -> padded(value, size);
      case "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
          ifTrue(value instanceof byte[], value);
      case "date" -> ifTrue(value instanceof LocalDate, value);
      case "datetime", "timestamp" -> time(value, size);
      default -> throw uncertain(value);
    };
  }

  private static Object integer(Object value) {
    if (value instanceof Boolean || isInteger(value)) {
      return value;
    }
    BigDecimal number = number(value);
    ifTrue(number.stripTrailingZeros().scale() <= 0, value);
    return number.setScale(0);
  }

  private static Object decimal(Object value, int scale) {
    BigDecimal number = number(value);
    return ifTrue(number.stripTrailingZeros().scale() <= scale, number);
  }

  private static BigDecimal number(Object value) {
    BigDecimal number;
    try {
      number =
          value instanceof String text
              ? new BigDecimal(text.strip())
              : value instanceof Number ? new BigDecimal(value.toString()) : null;
    } catch (NumberFormatException noNumber) {
      number = null;
    }
    if (number == null || !ValueNormalizer.isShort(number)) {
      throw uncertain(value);
    }
    return number;
  }

  private static boolean isInteger(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger;
  }

  private static String text(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? "1" : "0";
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    ifTrue(value instanceof String || value instanceof LocalDate || isInteger(value), value);
    return value.toString();
  }

  /** Cuts off spaces at the end beyond a length: a column of fixed length stores none. */
  private static String unpadded(String text, int length) {
    String kept = text;
    while (kept.endsWith(" ") && kept.codePointCount(0, kept.length()) > length) {
      kept = kept.substring(0, kept.length() - 1);
    }
    return kept;
  }

  private static Object padded(Object value, int length) {
    ifTrue(value instanceof byte[], value);
    byte[] bytes = (byte[]) value;
    return bytes.length < length ? Arrays.copyOf(bytes, length) : bytes;
  }

  private static Object time(Object value, int digits) {
    if (value instanceof LocalDateTime time) {
      long unit = BigInteger.TEN.pow(9 - digits).longValueExact();
      return ifTrue(time.get(ChronoField.NANO_OF_SECOND) % unit == 0, value);
    }
    return ifTrue(value instanceof LocalDate, value);
  }

  private static Object ifTrue(boolean certain, Object value) {
    if (!certain) {
      throw uncertain(value);
    }
    return value;
  }

  private static IllegalArgumentException uncertain(Object value) {
    return new IllegalArgumentException("a " + value.getClass().getTypeName());
  }
}
