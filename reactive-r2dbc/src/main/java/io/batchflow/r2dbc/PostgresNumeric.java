package io.batchflow.r2dbc;

import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Writes the binary format of {@code numeric}: digits to the base of 10,000, the weight of the
 * first digit, the sign, and the number of decimals.
 */
final class PostgresNumeric {

  private static final int DIGIT = 4;
  private static final int MAX_DIGITS = 1_000;
  private static final int NEGATIVE = 0x4000;

  private PostgresNumeric() {}

  /** Returns false for a value that is not a decimal number, or has too many digits. */
  static boolean write(ByteBuf out, Object value) {
    if (value instanceof BigDecimal decimal) {
      return writeDecimal(out, decimal);
    }
    if (value instanceof BigInteger integer) {
      return writeDecimal(out, new BigDecimal(integer));
    }
    return (value instanceof Long || value instanceof Integer)
        && writeDecimal(out, BigDecimal.valueOf(((Number) value).longValue()));
  }

  private static boolean writeDecimal(ByteBuf out, BigDecimal decimal) {
    if (Math.abs((long) decimal.scale()) > MAX_DIGITS || decimal.precision() > MAX_DIGITS) {
      return false;
    }
    BigDecimal plain = decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    int decimals = (plain.scale() + DIGIT - 1) / DIGIT;
    String unscaled = plain.unscaledValue().abs().toString();
    String digits = unscaled + "0".repeat(decimals * DIGIT - plain.scale());
    digits = "0".repeat(Math.floorMod(-digits.length(), DIGIT)) + digits;
    int count = digits.length() / DIGIT;
    int first = 0;
    while (first < count && digit(digits, first) == 0) {
      first++;
    }
    int last = count;
    while (last > first && digit(digits, last - 1) == 0) {
      last--;
    }
    out.writeInt((4 + last - first) * Short.BYTES);
    out.writeShort(last - first);
    out.writeShort(first == last ? 0 : count - decimals - 1 - first);
    out.writeShort(plain.signum() < 0 ? NEGATIVE : 0);
    out.writeShort(plain.scale());
    for (int i = first; i < last; i++) {
      out.writeShort(digit(digits, i));
    }
    return true;
  }

  private static int digit(String digits, int index) {
    return Integer.parseInt(digits, index * DIGIT, (index + 1) * DIGIT, 10);
  }
}
