package io.batchflow.sql.dialect;

import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQLite. {@code INSERT OR IGNORE} and {@code OR REPLACE} are not used: {@code OR IGNORE} hides
 * missing values, and {@code OR REPLACE} deletes rows that conflict by another key, and the rows
 * that refer to them. {@code ON CONFLICT} with the key does neither.
 */
final class SqliteDialect implements SqlDialect {

  private final Duration busyTimeout;
  private final SqlText text = new SqlText(this);
  private final SqliteVerdicts verdicts = new SqliteVerdicts(text);

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
  public String catalogQuery() {
    return SqliteCatalog.QUERY;
  }

  /** Nobody can change the version while the transaction holds the write lock. */
  @Override
  public String versionQuery(SqlTable table) {
    return "PRAGMA " + quote(table.path().get(0)) + ".schema_version";
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return insertInto(table, present)
        + " "
        + text.values(present, rows)
        + text.onConflict(table, present, text.keyTarget(table));
  }

  /**
   * A table may define ON CONFLICT REPLACE or IGNORE for a key, a CHECK or a NOT NULL. SQLite then
   * silently deletes other rows or drops the new one. OR ABORT overrides that. It also overrides
   * the OR clauses of triggers, so it is used only for such tables.
   */
  private String insertInto(SqlTable table, List<SqlColumn> present) {
    String verb = table.kind().startsWith("resolving") ? "INSERT OR ABORT" : "INSERT";
    return verb + text.into(table, present);
  }

  @Override
  public boolean takesConflictWhere() {
    return true;
  }

  @Override
  public boolean storesAsGiven(SqlTable table) {
    return table.kind().endsWith("plain");
  }

  @Override
  public String insertReturningValues(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return insert(table, present, rows) + " RETURNING " + text.names(returned);
  }

  /** SQLite runs every insert row by row, in order. */
  @Override
  public String insertRepeated(SqlTable table, List<SqlColumn> present, int rows) {
    return insert(table, present, rows);
  }

  @Override
  public boolean supportsUpdateOnly() {
    return true;
  }

  @Override
  public String update(SqlTable table, List<SqlColumn> present, int rows) {
    String verb = table.kind().startsWith("resolving") ? "UPDATE OR ABORT " : "UPDATE ";
    List<SqlColumn> assigned = table.overwritten(present);
    // A row that sets only its key updates nothing, but its key must be there.
    List<SqlColumn> set = assigned.isEmpty() ? table.conflictKey() : assigned;
    return verb
        + text.table(table)
        + " AS t SET "
        + SqlText.list(
            ", ",
            set,
            column ->
                text.name(column)
                    + " = "
                    + (assigned.isEmpty() ? "t." + text.name(column) : carried(column, present)))
        + " FROM ("
        + text.values(present, rows)
        + ") AS s WHERE "
        + SqlText.list(
            " AND ",
            table.conflictKey(),
            column -> "t." + text.name(column) + " = " + carried(column, present));
  }

  /** SQLite names the columns of VALUES by their numbers. */
  private static String carried(SqlColumn column, List<SqlColumn> present) {
    return "s.column" + (present.indexOf(column) + 1);
  }

  @Override
  public boolean supportsDeletes() {
    return true;
  }

  /** A value is converted by the affinity of its column, as when it is stored. */
  @Override
  public String delete(SqlTable table, List<SqlColumn> key, int rows) {
    return text.deleteByKeys(table, key, rows);
  }

  @Override
  public KeyEquality keyEquality(SqlTable table) {
    return SqlKeys.of(table, SqliteKeys::form);
  }

  @Override
  public String selectExisting(SqlTable table, int rows) {
    return verdicts.existing(table, rows);
  }

  @Override
  public String selectStored(SqlTable table, int rows, List<SqlColumn> returned) {
    return verdicts.stored(table, rows, returned);
  }

  @Override
  public String selectDistinct(SqlTable table, int rows) {
    return verdicts.distinct(table, rows);
  }

  @Override
  public boolean inProcess() {
    return true;
  }

  @Override
  public int maxParameters() {
    return 32_766;
  }

  @Override
  public @Nullable Object encode(SqlColumn column, Object value) {
    return SqliteValues.of(value);
  }

  /**
   * The driver gives the primary code of a constraint, and the name of the extended code first in
   * its message: the primary key, the rowid, or a unique index.
   */
  @Override
  public boolean isDuplicateKey(@Nullable String sqlState, int code, String message) {
    return (code & 0xff) == 19
        && (message.startsWith("[SQLITE_CONSTRAINT_PRIMARYKEY]")
            || message.startsWith("[SQLITE_CONSTRAINT_UNIQUE]")
            || message.startsWith("[SQLITE_CONSTRAINT_ROWID]"));
  }

  /** The driver gives no SQLSTATE. The low byte of an extended code is the primary code. */
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

  /** A transaction that begins as a reader would fail at its first write instead of waiting. */
  @Override
  public String begin() {
    return "BEGIN IMMEDIATE";
  }

  /** Fails where auto-commit is off, as the driver has begun a transaction itself. */
  @Override
  public String transactionQuery() {
    return "BEGIN";
  }
}
