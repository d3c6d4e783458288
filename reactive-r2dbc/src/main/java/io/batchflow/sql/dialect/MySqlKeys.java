package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import java.util.Locale;
import java.util.regex.Pattern;

/** How MySQL and MariaDB compare the columns of a key. */
final class MySqlKeys {

  /** Collations that compare characters. Some of them ignore spaces at the end. */
  private static final Pattern BINARY =
      Pattern.compile("(utf8|utf8mb3|utf8mb4|ascii|latin1)(_0900)?(_nopad)?_bin");

  /** Collations of no particular language, in which other letters might be equal. */
  private static final Pattern FOLDING =
      Pattern.compile(
          "(utf8|utf8mb3|utf8mb4|ascii)"
              + "_(general|unicode|unicode_520|uca1400|0900)(_nopad)?(_ai|_as)?(_ci|_cs)");

  private static final Pattern TEXTS = Pattern.compile("^(tiny|medium|long)?text|^enum|^set");

  private static final Pattern NUMBERS =
      Pattern.compile("^((tiny|small|medium|big)?int|decimal|double|float)\\b");

  private MySqlKeys() {}

  /** Returns the form in which Java compares the values of a column. */
  static KeyForm form(SqlColumn column) {
    String type = column.type().toLowerCase(Locale.ROOT);
    boolean integer = type.matches("(tiny|small|medium|big)?int\\b.*");
    if (column.comparison().equals("auto")) {
      return integer ? KeyForm.AUTO_INTEGER : KeyForm.AUTO;
    }
    if (integer) {
      return KeyForm.INTEGER;
    }
    if (type.startsWith("decimal")) {
      return KeyForm.DECIMAL;
    }
    if (isText(type)) {
      return textForm(column.comparison());
    }
    if (type.startsWith("varbinary")) {
      return KeyForm.BYTES;
    }
    return switch (type) {
      case "date" -> KeyForm.DATE;
      case "datetime(6)" -> KeyForm.LOCAL_MICROS;
      default -> KeyForm.BACKEND;
    };
  }

  private static boolean isText(String type) {
    return type.startsWith("varchar") || type.startsWith("char");
  }

  /** Returns whether the values of a column are numbers. */
  static boolean isNumber(SqlColumn column) {
    return NUMBERS.matcher(column.type().toLowerCase(Locale.ROOT)).find();
  }

  /** Returns whether the values of a column are texts, which have a collation. */
  static boolean isText(SqlColumn column) {
    String type = column.type().toLowerCase(Locale.ROOT);
    return isText(type) || TEXTS.matcher(type).find();
  }

  /** Returns whether a column has a collation by which Java compares some texts. */
  static boolean isTextInJava(SqlColumn column) {
    return isText(column.type().toLowerCase(Locale.ROOT)) && comparesInJava(column.comparison());
  }

  /** Returns whether some texts of a collation can be told apart without the server. */
  static boolean comparesInJava(String collation) {
    return textForm(collation) != KeyForm.BACKEND;
  }

  private static KeyForm textForm(String collation) {
    if (BINARY.matcher(collation).matches()) {
      return KeyForm.PADDED;
    }
    return FOLDING.matcher(collation).matches() ? KeyForm.FOLDED : KeyForm.BACKEND;
  }
}
