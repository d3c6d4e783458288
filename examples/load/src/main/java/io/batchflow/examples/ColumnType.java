package io.batchflow.examples;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The types that a text can be converted to. Recognized by the type names of databases. */
enum ColumnType {
  TEXT("VARCHAR", "text", "CHAR|CLOB|TEXT|JSON|ENUM|INTERVAL|GEOMETRY|ARRAY"),
  BOOLEAN("BOOLEAN", "true or false", "^BOOL"),
  INTEGER("BIGINT", "a 64-bit integer", "INT|SERIAL"),
  DECIMAL("NUMERIC", "a number", "^NUM|^DEC"),
  REAL("DOUBLE PRECISION", "a number", "REAL|FLOA|DOUB"),
  ZONED_TIMESTAMP(
      "TIMESTAMP(9) WITH TIME ZONE",
      "a time with offset such as 2026-01-31T12:30:00Z",
      "^TIMESTAMP.*WITH TIME ZONE|^TIMESTAMPTZ"),
  TIMESTAMP("TIMESTAMP(9)", "a date and time such as 2026-01-31 12:30:00", "^TIMESTAMP|^DATETIME"),
  DATE("DATE", "a date such as 2026-01-31", "^DATE"),
  TIME("TIME(9)", "a time of day such as 12:30:00", "^TIME"),
  UNIQUE_ID("UUID", "a UUID", "^UUID"),
  BYTES("BLOB", "bytes in hexadecimal", "BLOB|BINARY|BYTEA");

  private static final Pattern BOOLEANS = Pattern.compile("(?i)(true|t|1)|false|f|0");

  private final String sql;
  private final String expected;
  private final Pattern spelling;

  ColumnType(String sql, String expected, String spelling) {
    this.sql = sql;
    this.expected = expected;
    this.spelling = Pattern.compile(spelling);
  }

  /** Returns the type for a database's type name; TEXT if the name is not recognized. */
  static ColumnType of(String sqlType) {
    String upper = sqlType.toUpperCase(Locale.ROOT);
    for (ColumnType type : values()) {
      if (type.spelling.matcher(upper).find()) {
        return type;
      }
    }
    return TEXT;
  }

  /** Returns the name in the SQL standard. Time types have the precision of the JDK. */
  String sql() {
    return sql;
  }

  /** Describes the texts of this type, for error messages. */
  String expected() {
    return expected;
  }

  /** Returns the value of a text; empty if the text is not of this type. */
  Optional<Object> parse(String text) {
    try {
      return Optional.of(convert(text));
    } catch (IllegalArgumentException | DateTimeException notOfThisType) {
      return Optional.empty();
    }
  }

  private Object convert(String text) {
    String bare = text.strip();
    return switch (this) {
      case TEXT -> text;
      case BOOLEAN -> bool(bare);
      case INTEGER -> Long.valueOf(bare);
      case DECIMAL -> new BigDecimal(bare);
      case REAL -> Double.valueOf(bare);
      case ZONED_TIMESTAMP -> OffsetDateTime.parse(bare.replace(' ', 'T'));
      case TIMESTAMP -> LocalDateTime.parse(bare.replace(' ', 'T'));
      case DATE -> LocalDate.parse(bare);
      case TIME -> LocalTime.parse(bare);
      case UNIQUE_ID -> UUID.fromString(bare);
      case BYTES -> HexFormat.of().parseHex(bare);
    };
  }

  private static boolean bool(String text) {
    var matcher = BOOLEANS.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a truth value");
    }
    return matcher.group(1) != null;
  }
}
