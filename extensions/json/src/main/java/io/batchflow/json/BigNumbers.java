package io.batchflow.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;

/**
 * Converts numbers of any length to text and back. The JDK reads a decimal text in quadratic time,
 * so a long text is read in halves. A number of more than {@value #MAX_DIGITS} digits is written as
 * {@code #} and its bytes in base 64, which are read in linear time. The scale of a decimal comes
 * before the bytes.
 */
final class BigNumbers {

  /** The maximum number of digits in decimal form, for writing and reading. */
  static final int MAX_DIGITS = 1_000_000;

  /** Up to this length the JDK is fast enough. */
  private static final int SHORT = 2_000;

  private static final int DIGITS_OF_A_BIT = 3; // a digit has at least this many bits

  private BigNumbers() {}

  static String text(BigInteger number) {
    return isLong(number) ? "#" + JavaTypes.base64(number.toByteArray()) : number.toString();
  }

  static String text(BigDecimal number) {
    BigInteger unscaled = number.unscaledValue();
    return isLong(unscaled) ? number.scale() + text(unscaled) : number.toString();
  }

  private static boolean isLong(BigInteger number) {
    return number.bitLength() / DIGITS_OF_A_BIT > MAX_DIGITS;
  }

  static BigInteger integer(String text) {
    if (text.startsWith("#")) {
      return new BigInteger(Base64.getDecoder().decode(text.substring(1)));
    }
    if (text.length() <= SHORT) {
      return new BigInteger(text);
    }
    boolean signed = text.charAt(0) == '-' || text.charAt(0) == '+';
    BigInteger number = digits(text.substring(signed ? 1 : 0));
    return text.charAt(0) == '-' ? number.negate() : number;
  }

  static BigDecimal decimal(String text) {
    int bytes = text.indexOf('#');
    if (bytes >= 0) {
      return new BigDecimal(
          integer(text.substring(bytes)), Integer.parseInt(text.substring(0, bytes)));
    }
    if (text.length() <= SHORT) {
      return new BigDecimal(text);
    }
    int exponent = text.indexOf('E');
    int end = exponent < 0 ? text.length() : exponent;
    int point = text.indexOf('.');
    int fraction = point < 0 ? 0 : end - point - 1;
    String unscaled =
        point < 0
            ? text.substring(0, end)
            : text.substring(0, point) + text.substring(point + 1, end);
    long power = exponent < 0 ? 0 : Integer.parseInt(text.substring(exponent + 1));
    return new BigDecimal(integer(unscaled), Math.toIntExact(fraction - power));
  }

  private static BigInteger digits(String text) {
    if (text.length() > MAX_DIGITS) {
      throw new UnreadableValueException("a number of more than " + MAX_DIGITS + " digits");
    }
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new UnreadableValueException("no number");
    }
    return halves(text, 0, text.length());
  }

  private static BigInteger halves(String text, int from, int to) {
    if (to - from <= SHORT) {
      return new BigInteger(text.substring(from, to));
    }
    int middle = (from + to) / 2;
    BigInteger high = halves(text, from, middle);
    return high.multiply(BigInteger.TEN.pow(to - middle)).add(halves(text, middle, to));
  }
}
