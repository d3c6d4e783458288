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

/** The types that a text is converted to, recognized by how databases spell theirs. */
enum ColumnType {
  TEXT("VARCHAR", "text", "CHAR|CLOB|TEXT|JSON|ENUM|INTERVAL|GEOMETRY|ARRAY"),
  BOOLEAN("BOOLEAN", "true or false", "^BOOL"),
  INTEGER("BIGINT", "a whole number of 64 bits", "INT|SERIAL"),
  DECIMAL("NUMERIC", "a number", "^NUM|^DEC"),
  REAL("DOUBLE PRECISION", "a number", "REAL|FLOA|DOUB"),
  ZONED_TIMESTAMP(
      "TIMESTAMP(9) WITH TIME ZONE",
      "a time with offset, as 2026-01-31T12:30:00Z",
      "^TIMESTAMP.*WITH TIME ZONE|^TIMESTAMPTZ"),
  TIMESTAMP("TIMESTAMP(9)", "a date and time, as 2026-01-31 12:30:00", "^TIMESTAMP|^DATETIME"),
  DATE("DATE", "a date, as 2026-01-31", "^DATE"),
  TIME("TIME(9)", "a time of day, as 12:30:00", "^TIME"),
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

  /** Returns the type of a column by the database's name for it; TEXT if that says nothing. */
  static ColumnType of(String sqlType) {
    String upper = sqlType.toUpperCase(Locale.ROOT);
    for (ColumnType type : values()) {
      if (type.spelling.matcher(upper).find()) {
        return type;
      }
    }
    return TEXT;
  }

  /** Returns the SQL standard's name; the time types as precise as the JDK's. */
  String sql() {
    return sql;
  }

  /** Returns what a text has to be, for those whose is not. */
  String expected() {
    return expected;
  }

  /** Returns the value that a text stands for, if it stands for one of this type. */
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
