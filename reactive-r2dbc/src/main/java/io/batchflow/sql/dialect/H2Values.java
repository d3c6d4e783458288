package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the values of a column as one array. H2 converts the elements of an array to one type,
 * which would change some values. Values of different types share an array only if that type keeps
 * them.
 */
final class H2Values {

  private static final Pattern ARRAY = Pattern.compile("ARRAY(?:\\[\\d+\\])?$");

  /** Columns that store a double and its decimal alike. Other columns round them differently. */
  private static final Pattern FRACTIONS = Pattern.compile("^(DOUBLE|NUMERIC|DECFLOAT)");

  private static final int MOST_DIGITS = 100_000;

  private H2Values() {}

  /**
   * Returns the array.
   *
   * @throws IllegalArgumentException if H2 cannot store a value, or not all of them in one array
   */
  static @Nullable Object[] of(SqlColumn column, List<@Nullable Object> values) {
    String type = column.type();
    boolean arrays = ARRAY.matcher(type).find();
    boolean text = type.startsWith("CHARACTER") || type.startsWith("VARCHAR");
    boolean binary = type.startsWith("BINARY");
    boolean fractions = FRACTIONS.matcher(type).find();
    @Nullable Object[] array = new Object[values.size()];
    // Usually all values of a column have one class.
    Class<?> takenAsIs = null;
    Class<?> travels = null;
    Class<?> first = null;
    boolean mixed = false;
    for (int row = 0; row < array.length; row++) {
      Object value = values.get(row);
      if (value == null || value.getClass() == takenAsIs) {
        array[row] = value;
        continue;
      }
      Object element = arrays ? array(value) : text ? text(known(value)) : known(value);
      array[row] = binary && element instanceof String s ? bytes(s) : element;
      takenAsIs = array[row] == value && !isTakenByValue(value) ? value.getClass() : takenAsIs;
      Class<?> traveller = traveller(array[row], fractions);
      if (travels != null && travels != traveller) {
        throw new IllegalArgumentException("values of several types in one batch");
      }
      travels = traveller;
      first = first == null ? array[row].getClass() : first;
      mixed |= array[row].getClass() != first || array[row] instanceof BigDecimal;
    }
    if (mixed && travels == BigDecimal.class) {
      bringToOneScale(array);
    }
    return array;
  }

  /** Only some values of these classes are taken as they are. */
  private static boolean isTakenByValue(Object value) {
    return value instanceof String || value instanceof BigDecimal;
  }

  /** Returns the class that stands for all classes that can share an array with a value. */
  private static Class<?> traveller(Object value, boolean fractions) {
    boolean asDecimal =
        value instanceof Double number ? fractions && Double.isFinite(number) : isExact(value);
    if (asDecimal) {
      return BigDecimal.class;
    }
    boolean moment =
        value instanceof Instant
            || value instanceof ZonedDateTime
            || value instanceof OffsetDateTime;
    return moment ? Instant.class : value.getClass();
  }

  private static boolean isNumber(Object value) {
    return isExact(value) || value instanceof Double || value instanceof Float;
  }

  private static boolean isExact(Object value) {
    return value instanceof BigDecimal
        || value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  /** H2 needs a session to do this, and r2dbc-h2 gives it none. */
  private static void bringToOneScale(@Nullable Object[] array) {
    int scale = 0;
    for (Object value : array) {
      if (value instanceof BigDecimal decimal && ValueNormalizer.isShort(decimal)) {
        scale = Math.max(scale, decimal.scale());
      }
    }
    for (int i = 0; i < array.length; i++) {
      if (array[i] instanceof Number number) {
        BigDecimal decimal = decimal(number);
        array[i] = ValueNormalizer.isShort(decimal) ? decimal.setScale(scale) : decimal;
      }
    }
  }

  private static BigDecimal decimal(Number number) {
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    return number instanceof Double
        ? BigDecimal.valueOf(number.doubleValue())
        : BigDecimal.valueOf(number.longValue());
  }

  /** Rejects a single value, which would become an array of one. */
  private static Object array(Object value) {
    if (!ArrayValues.isArray(value)) {
      throw ArrayValues.unknown(value);
    }
    return ArrayValues.elementsOf(value).stream()
        .<@Nullable Object>map(
            each -> each == null ? null : ArrayValues.isArray(each) ? array(each) : known(each))
        .toArray();
  }

  /** Returns the text that H2 prints. H2 has no negative zero, so zero is added. */
  private static Object text(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? "TRUE" : "FALSE";
    }
    if (value instanceof Double number) {
      return String.valueOf(number + 0.0);
    }
    if (value instanceof Float number) {
      return String.valueOf(number + 0.0f);
    }
    if (value instanceof BigDecimal decimal) {
      return ValueNormalizer.text(storable(decimal));
    }
    return value instanceof Number || value instanceof UUID ? value.toString() : value;
  }

  /** H2 rejects a decimal with more digits before or after the point, whatever its column. */
  private static BigDecimal storable(BigDecimal decimal) {
    long digits = (long) decimal.precision() + Math.max(0, -(long) decimal.scale());
    if (digits > MOST_DIGITS || decimal.scale() > MOST_DIGITS) {
      throw new IllegalArgumentException("a decimal of more than " + MOST_DIGITS + " digits");
    }
    return decimal;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Rejects unknown types, as H2 would serialize them over JDBC. */
  private static Object known(Object value) {
    Object plain = ValueNormalizer.of(value);
    if (plain instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (plain instanceof String text) {
      return ValueNormalizer.wellFormed(text);
    }
    if (plain instanceof BigDecimal decimal
        && decimal.scale() < 0
        && ValueNormalizer.isShort(decimal)) {
      return decimal.setScale(0); // H2 takes no negative scale in an array
    }
    boolean known =
        isNumber(plain)
            || plain instanceof Boolean
            || plain instanceof Temporal
            || plain instanceof TemporalAmount
            || plain instanceof UUID
            || plain instanceof byte[];
    if (!known) {
      throw ArrayValues.unknown(value);
    }
    return plain;
  }
}
