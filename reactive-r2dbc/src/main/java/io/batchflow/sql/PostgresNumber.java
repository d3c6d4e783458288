package io.batchflow.sql;

/** A double as text that reads back as the very same double. */
final class PostgresNumber {

  /** Below, a thousandfold fits into the 53 bits that a double holds exactly. */
  private static final double MOST = 1e12;

  private PostgresNumber() {}

  /**
   * Appends a number. Most have few decimals, and those are written several times faster than by
   * {@code Double.toString}: as the quotient of the thousandths by 1,000 is the double that lies
   * nearest, these decimals are read as that double.
   */
  static void append(StringBuilder text, double number) {
    if (Math.abs(number) < MOST) {
      long thousandths = Math.round(number * 1_000);
      if (thousandths / 1e3 == number && (thousandths != 0 || 1 / number > 0)) {
        appendThousandths(text, thousandths);
        return;
      }
    }
    text.append(number);
  }

  private static void appendThousandths(StringBuilder text, long thousandths) {
    if (thousandths < 0) {
      text.append('-');
    }
    long left = Math.abs(thousandths);
    text.append(left / 1_000);
    int decimals = (int) (left % 1_000);
    if (decimals > 0) {
      text.append('.');
      for (int digit = 100; decimals > 0; digit /= 10) {
        text.append((char) ('0' + decimals / digit));
        decimals %= digit;
      }
    }
  }
}
