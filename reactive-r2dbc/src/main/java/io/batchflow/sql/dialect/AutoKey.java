package io.batchflow.sql.dialect;

import java.math.BigDecimal;

/** The values in whose place MySQL and MariaDB generate a key of an AUTO_INCREMENT column. */
final class AutoKey {

  private static final BigDecimal HALF = new BigDecimal("0.5");

  private AutoKey() {}

  /** Returns whether the column converts a value to 0. */
  static boolean isGenerated(Object value) {
    if (value instanceof Long || value instanceof Integer) {
      return ((Number) value).longValue() == 0;
    }
    Object plain = ValueNormalizer.of(value);
    if (plain instanceof Boolean) {
      return plain.equals(false);
    }
    return (plain instanceof Number || plain instanceof String) && isZero(plain.toString());
  }

  private static boolean isZero(String number) {
    try {
      BigDecimal decimal = new BigDecimal(number.strip());
      return decimal.signum() == 0
          || (ValueNormalizer.isShort(decimal) && decimal.abs().compareTo(HALF) < 0);
    } catch (NumberFormatException noNumber) {
      return false;
    }
  }
}
