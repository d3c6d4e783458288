package io.batchflow.sql.dialect;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.OffsetTime;
import java.time.temporal.TemporalAmount;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes values in the text format of PostgreSQL, as array literals: section 8.15 of its manual.
 */
final class PostgresText {

  private static final HexFormat HEX = HexFormat.of();

  private PostgresText() {}

  /**
   * Returns the literal of an array with the values of a column.
   *
   * @throws IllegalArgumentException if the type of a value is not known
   */
  static String array(List<? extends @Nullable Object> values) {
    return array(values, PostgresText::append);
  }

  /**
   * Returns the literal of an array of texts, with the values of a column of arrays. Each text is
   * the literal of an array; a value that is a text is taken as one.
   *
   * @throws IllegalArgumentException if a value is not an array
   */
  static String arrays(List<? extends @Nullable Object> values) {
    return array(values, PostgresText::appendArray);
  }

  private static String array(
      List<? extends @Nullable Object> values,
      BiConsumer<StringBuilder, @Nullable Object> appending) {
    StringBuilder literal = new StringBuilder().append('{');
    for (int i = 0; i < values.size(); i++) {
      if (i == 1) {
        // The first value is about as long as the others.
        literal.ensureCapacity((literal.length() + 2) * values.size());
      }
      literal.append(i == 0 ? "" : ",");
      appending.accept(literal, values.get(i));
    }
    return literal.append('}').toString();
  }

  private static void appendArray(StringBuilder literal, @Nullable Object value) {
    if (value == null || value instanceof CharSequence) {
      append(literal, value);
    } else if (ArrayValues.isArray(value)) {
      quote(literal, nested(ArrayValues.elementsOf(value)));
    } else {
      throw ArrayValues.unknown(value);
    }
  }

  private static void append(StringBuilder literal, @Nullable Object value) {
    if (value == null) {
      literal.append("NULL");
    } else if (value instanceof Long || value instanceof Integer) {
      literal.append(((Number) value).longValue());
    } else if (value instanceof String text) {
      quote(literal, text);
    } else if (value instanceof Double number) {
      literal.append(number.doubleValue());
    } else if (value instanceof Boolean) {
      literal.append(value);
    } else if (!PostgresTime.append(literal, value)) {
      quote(literal, of(value));
    }
  }

  private static String of(Object value) {
    Object plain = ValueNormalizer.of(value);
    if (plain instanceof String text) {
      return text;
    }
    if (plain instanceof BigDecimal decimal) {
      return ValueNormalizer.text(decimal);
    }
    if (plain instanceof byte[] bytes) {
      return "\\x" + HEX.formatHex(bytes);
    }
    if (isDriversOwn(plain)) {
      return PostgresDriverText.of(plain);
    }
    if (plain instanceof Number number) {
      return ofNumber(number);
    }
    StringBuilder time = new StringBuilder();
    return PostgresTime.append(time, plain) ? time.toString() : ofRest(plain);
  }

  private static String ofNumber(Number number) {
    if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte
        || number instanceof Double
        || number instanceof Float
        || number instanceof BigInteger) {
      return number.toString();
    }
    throw ArrayValues.unknown(number);
  }

  private static String ofRest(Object value) {
    if (value instanceof UUID
        || value instanceof Boolean
        || value instanceof OffsetTime
        || value instanceof TemporalAmount) {
      return value.toString();
    }
    if (value instanceof InetAddress address) {
      String host = address.getHostAddress();
      int scope = host.indexOf('%');
      return scope < 0 ? host : host.substring(0, scope);
    }
    throw ArrayValues.unknown(value);
  }

  /** Returns the literal of an array. Arrays among its elements are further dimensions. */
  private static String nested(Iterable<? extends @Nullable Object> elements) {
    StringBuilder literal = new StringBuilder().append('{');
    for (Object element : elements) {
      literal.append(literal.length() == 1 ? "" : ",");
      if (element != null && ArrayValues.isArray(element)) {
        literal.append(nested(ArrayValues.elementsOf(element)));
      } else {
        append(literal, element);
      }
    }
    return literal.append('}').toString();
  }

  private static boolean isDriversOwn(Object value) {
    return value.getClass().getName().startsWith("io.r2dbc.postgresql.codec.");
  }

  private static void quote(StringBuilder literal, String text) {
    literal.append('"');
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        literal.append(text, plainFrom, i).append('\\');
        plainFrom = i;
      } else if (Character.isSurrogate(c)) {
        i = ValueNormalizer.endOfPair(text, i);
      }
    }
    literal.append(text, plainFrom, text.length()).append('"');
  }
}
