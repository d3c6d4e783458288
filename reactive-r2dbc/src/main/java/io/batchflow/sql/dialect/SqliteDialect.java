package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * SQLite. Its own {@code INSERT OR IGNORE} and {@code OR REPLACE} are not used: the one hides
 * missing values, the other deletes rows that conflict by a key nobody named, and those that refer
 * to them. {@code ON CONFLICT} with the key does neither.
 */
final class SqliteDialect implements SqlDialect {

  /** Always nine digits, so that instants sort as text as they do in time. */
  private static final DateTimeFormatter INSTANT =
      new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

  private final Duration busyTimeout;
  private final SqlText text = new SqlText(this);

  SqliteDialect(Duration busyTimeout) {
    this.busyTimeout = busyTimeout;
  }

  @Override
  public String product() {
    return "SQLite";
  }

  @Override
  public String system() {
    return "sqlite";
  }

  @Override
  public String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A row id is made by the database: an INTEGER that is the whole primary key. */
  @Override
  public String catalogQuery() {
    return """
        WITH col AS (
          SELECT t.schema, t.name AS tab, t.type AS kind, c.*, c.pk = 1 AND upper(c.type) = 'INTEGER'
            AND NOT EXISTS (
              SELECT 1 FROM pragma_table_info(t.name, t.schema) o WHERE o.pk > 1) AS row_id
          FROM pragma_table_list t JOIN pragma_table_xinfo(t.name, t.schema) c
          WHERE lower(t.name) = lower(?))
        SELECT schema, schema = 'main', tab, name, type, NULL, hidden > 0 OR row_id,
          "notnull" AND dflt_value IS NULL AND hidden = 0 AND NOT row_id,
          iif(row_id, 'row id' || char(10), '') || coalesce((
            SELECT group_concat(i.name, char(10)) FROM pragma_index_list(col.tab, col.schema) i
            WHERE i."unique" AND NOT i.partial
            AND col.name IN (SELECT k.name FROM pragma_index_info(i.name, col.schema) k)
            AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name, col.schema) k WHERE k.cid < 0)), ''),
          CASE WHEN schema <> 'main' THEN 'resolving, other'
            ELSE iif(EXISTS (SELECT 1 FROM sqlite_schema d WHERE d.type = 'table' AND d.name = tab
              AND d.sql LIKE '%conflict%'), 'resolving, ', '')
            || iif(kind <> 'table' OR EXISTS (SELECT 1 FROM sqlite_schema g
              WHERE g.type = 'trigger' AND g.tbl_name = tab COLLATE NOCASE), 'other', 'plain') END,
          iif(EXISTS (SELECT 1 FROM pragma_index_list(col.tab, col.schema) i
            JOIN pragma_index_xinfo(i.name, col.schema) k
            WHERE i."unique" AND k.name = col.name AND k.coll <> 'BINARY'), NULL, 'exact')
        FROM col""";
  }

  /** Under the write lock nobody changes it. */
  @Override
  public String versionQuery(SqlTable table) {
    return "PRAGMA " + quote(table.path().get(0)) + ".schema_version";
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return insertInto(table, present)
        + " VALUES "
        + SqlText.rows(present.size(), rows)
        + onConflict(table, present);
  }

  /**
   * A table may say ON CONFLICT REPLACE or IGNORE of a key, a CHECK or a NOT NULL: then SQLite
   * deletes other rows, or drops the new one, in silence. OR ABORT overrides that. It overrides the
   * OR clauses of triggers as well, so it stands only where it is needed.
   */
  private String insertInto(SqlTable table, List<SqlColumn> present) {
    String verb = table.kind().startsWith("resolving") ? "INSERT OR ABORT" : "INSERT";
    return verb + text.into(table, present);
  }

  @Override
  public boolean storesAsGiven(SqlTable table) {
    return table.kind().endsWith("plain");
  }

  /** Row by row, in their order, is how it runs anyway. */
  @Override
  public String insertRepeated(SqlTable table, List<SqlColumn> present, int rows) {
    return insert(table, present, rows);
  }

  @Override
  public KeyEquality keyEquality(SqlTable table) {
    return SqlKeys.of(table, SqliteDialect::keyForm);
  }

  /** By the rules of affinity: "Datatypes In SQLite", 3.1. */
  private static KeyForm keyForm(SqlColumn column) {
    String type = column.type().toUpperCase(Locale.ROOT);
    if (!column.comparison().equals("exact")) {
      return KeyForm.BACKEND;
    }
    if (type.contains("INT")) {
      return KeyForm.INTEGER;
    }
    boolean isText = type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT");
    return isText ? KeyForm.TEXT : KeyForm.BACKEND;
  }

  /** Compared by the table's columns, so that their affinity and collation decide. */
  @Override
  public String selectExisting(SqlTable table, int rows) {
    return keys(table, rows)
        + "SELECT k.column1 FROM k WHERE EXISTS (SELECT 1 FROM "
        + text.table(table)
        + " t WHERE "
        + isKey(table)
        + ")";
  }

  @Override
  public String selectDistinct(SqlTable table, int rows) {
    return keys(table, rows)
        + "SELECT min(k.column1) FROM k JOIN "
        + text.table(table)
        + " t ON "
        + isKey(table)
        + " GROUP BY "
        + SqlText.list(", ", table.conflictKey(), column -> "t." + text.name(column))
        + " HAVING count(*) = 1";
  }

  private static String keys(SqlTable table, int rows) {
    StringBuilder values = new StringBuilder();
    for (int row = 1; row <= rows; row++) {
      values
          .append(row == 1 ? "(" : ", (")
          .append(row)
          .append(", ?".repeat(table.conflictKey().size()))
          .append(')');
    }
    return "WITH k AS (VALUES " + values + ") ";
  }

  private String isKey(SqlTable table) {
    List<SqlColumn> key = table.conflictKey();
    return SqlText.list(
        " AND ",
        key,
        column -> "t." + text.name(column) + " = k.column" + (key.indexOf(column) + 2));
  }

  private static String partial(SqlTable table, String before) {
    String where = table.schema().conflictWhere();
    return where == null ? "" : before + where;
  }

  /** In {@code excluded} a column that the row leaves unset has its default. */
  private String onConflict(SqlTable table, List<SqlColumn> present) {
    if (table.schema().onConflict() == ConflictStrategy.FAIL) {
      return "";
    }
    List<SqlColumn> key = table.conflictKey();
    List<SqlColumn> assigned = table.overwritten(present);
    return " ON CONFLICT"
        + (key.isEmpty() ? "" : " (" + text.names(key) + ")")
        + partial(table, " WHERE ")
        + (assigned.isEmpty() ? " DO NOTHING" : " DO UPDATE SET ")
        + SqlText.list(
            ", ", assigned, column -> text.name(column) + " = excluded." + text.name(column));
  }

  @Override
  public boolean inProcess() {
    return true;
  }

  @Override
  public int maxParameters() {
    return 32_766;
  }

  /** To one of the four types that SQLite stores: integer, float, text and bytes. */
  @Override
  public @Nullable Object encode(SqlColumn column, Object value) {
    if (value instanceof String text) {
      return ValueNormalizer.wellFormed(text);
    }
    if (value instanceof Long || value instanceof Integer || value instanceof byte[]) {
      return value;
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      // SQLite would store NaN as NULL without a word.
      return Double.isNaN(number) ? null : number;
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).intValue();
    }
    return encodeAsText(ValueNormalizer.of(value));
  }

  private static @Nullable Object encodeAsText(Object value) {
    if (value instanceof String text) {
      return ValueNormalizer.wellFormed(text);
    }
    if (value instanceof byte[]) {
      return value;
    }
    if (value instanceof BigDecimal decimal) {
      return ValueNormalizer.text(decimal);
    }
    if (value instanceof BigInteger integer && integer.bitLength() < Long.SIZE) {
      return integer.longValue();
    }
    if (value instanceof Instant instant) {
      return INSTANT.format(instant);
    }
    if (value instanceof ZonedDateTime time) {
      return time.toOffsetDateTime().toString();
    }
    boolean isText =
        value instanceof UUID
            || value instanceof BigInteger
            || value instanceof TemporalAccessor
            || value instanceof TemporalAmount;
    return isText ? value.toString() : null;
  }

  /** The driver gives no SQLSTATE, and of SQLite's extended codes the low byte. */
  @Override
  public FailureKind classify(@Nullable String sqlState, int code) {
    return switch (code & 0xff) {
      // BUSY, LOCKED, NOMEM, FULL, PROTOCOL (a race for locks), SCHEMA (it changed).
      case 5, 6, 7, 13, 15, 17 -> FailureKind.TRANSIENT;
      // INTERRUPT: out of time.
      case 9 -> FailureKind.CONTENTION;
      // TOOBIG, CONSTRAINT, MISMATCH.
      case 18, 19, 20 -> FailureKind.DATA;
      // No code: the connection was closed. IOERR: a commit may have reached the disk.
      case 0, 10 -> FailureKind.UNKNOWN;
      default -> FailureKind.PERMANENT;
    };
  }

  @Override
  public boolean blocking() {
    return true;
  }

  /** WAL lets others read while the writer writes; NORMAL is safe with it, and syncs less. */
  @Override
  public List<String> setup() {
    return List.of(
        "PRAGMA busy_timeout = " + busyTimeout.toMillis(),
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL");
  }

  /** A transaction that turns writer later than it began would fail instead of waiting. */
  @Override
  public String begin() {
    return "BEGIN IMMEDIATE";
  }

  /** The driver has begun one by itself where auto-commit is off. */
  @Override
  public String transactionQuery() {
    return "BEGIN";
  }
}
