package io.batchflow.kafka.connect;

import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** The kind of a column that is created, in the words of each database. */
enum ColumnKind {
  BOOLEAN("boolean", "boolean", "boolean", "integer"),
  INTEGER("integer", "int", "integer", "integer"),
  BIGINT("bigint", "bigint", "bigint", "integer"),
  DOUBLE("double precision", "double", "double precision", "real"),
  /** In SQLite a text, as its numbers would lose digits. */
  DECIMAL("numeric", "decimal(65, %d)", "numeric(100, %d)", "text"),
  TEXT("text", "longtext", "varchar", "text"),
  BYTES("bytea", "longblob", "varbinary", "blob"),
  DATE("date", "date", "date", "text"),
  TIME("time", "time(6)", "time(9)", "text"),
  TIMESTAMP("timestamp", "datetime(6)", "timestamp(9)", "text"),
  /** A time of the whole world; in UTC where the database knows no zones. */
  MOMENT("timestamp with time zone", "datetime(6)", "timestamp(9) with time zone", "text"),
  ZONED_TIME("time with time zone", "varchar(40)", "time(9) with time zone", "text"),
  UUID("uuid", "char(36)", "uuid", "text"),
  /** In H2 a text, as a text that is stored as JSON becomes a string there. */
  JSON("jsonb", "json", "varchar", "text");

  private static final int DEFAULT_SCALE = 9;

  /** The longest text or bytes in a key of MySQL and MariaDB. */
  private static final int MYSQL_KEY = 190;

  private static final Map<String, ColumnKind> BY_NAME =
      Map.ofEntries(
          Map.entry(Decimal.LOGICAL_NAME, DECIMAL),
          Map.entry(org.apache.kafka.connect.data.Date.LOGICAL_NAME, DATE),
          Map.entry(org.apache.kafka.connect.data.Time.LOGICAL_NAME, TIME),
          Map.entry(org.apache.kafka.connect.data.Timestamp.LOGICAL_NAME, MOMENT),
          Map.entry("io.debezium.time.Date", DATE),
          Map.entry("io.debezium.time.Time", TIME),
          Map.entry("io.debezium.time.MicroTime", TIME),
          Map.entry("io.debezium.time.NanoTime", TIME),
          Map.entry("io.debezium.time.Timestamp", TIMESTAMP),
          Map.entry("io.debezium.time.MicroTimestamp", TIMESTAMP),
          Map.entry("io.debezium.time.NanoTimestamp", TIMESTAMP),
          Map.entry("io.debezium.time.ZonedTimestamp", MOMENT),
          Map.entry("io.debezium.time.ZonedTime", ZONED_TIME),
          Map.entry("io.debezium.data.Uuid", UUID),
          Map.entry("io.debezium.data.Json", JSON),
          Map.entry("io.debezium.data.VariableScaleDecimal", DECIMAL));

  private final String postgres;
  private final String mysql;
  private final String h2;
  private final String sqlite;

  ColumnKind(String postgres, String mysql, String h2, String sqlite) {
    this.postgres = postgres;
    this.mysql = mysql;
    this.h2 = h2;
    this.sqlite = sqlite;
  }

  static ColumnKind of(Schema schema) {
    ColumnKind named = schema.name() == null ? null : BY_NAME.get(schema.name());
    if (named != null) {
      return named;
    }
    return switch (schema.type()) {
      case BOOLEAN -> BOOLEAN;
      case INT8, INT16, INT32 -> INTEGER;
      case INT64 -> BIGINT;
      case FLOAT32, FLOAT64 -> DOUBLE;
      case STRING -> TEXT;
      case BYTES -> BYTES;
      case STRUCT, MAP, ARRAY -> JSON;
    };
  }

  /**
   * Returns the type of a column.
   *
   * @param product the database
   * @param key whether the column belongs to the key
   */
  String in(String product, Schema schema, boolean key) {
    return switch (product) {
      case "PostgreSQL" -> postgres;
      case "H2" -> String.format(h2, scale(schema));
      case "SQLite" -> sqlite;
      default ->
          key && this == TEXT
              ? "varchar(" + MYSQL_KEY + ")"
              : key && this == BYTES
                  ? "varbinary(" + MYSQL_KEY + ")"
                  : String.format(mysql, scale(schema));
    };
  }

  /** Returns the digits after the point of a decimal of a schema. */
  static int scale(Schema schema) {
    Map<String, String> parameters = schema.parameters();
    @Nullable String scale = parameters == null ? null : parameters.get(Decimal.SCALE_FIELD);
    return scale == null ? DEFAULT_SCALE : Math.max(0, Math.min(30, Integer.parseInt(scale)));
  }
}
