package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * H2 in its regular mode: one array for each column, unnested, which it takes faster than the
 * values one by one. It has no {@code ON CONFLICT}: an upsert is a {@code MERGE}, and to ignore is
 * to insert what is not there. Both look first and insert then, so a race can be lost.
 */
final class H2Dialect implements SqlDialect {

  private static final String STARTED = "CAST(EXTRACT(EPOCH FROM SESSION_START) AS VARCHAR)";

  /** A cast to a type with a length cuts off what is too long, where an insert would reject it. */
  private static final Pattern CHARACTERS =
      Pattern.compile("\\b(CHARACTER|BINARY)(?! LARGE)(?: VARYING)?(?:\\(\\d+\\))?");

  private static final Pattern LENGTH =
      Pattern.compile(
          "(?<=VARCHAR_IGNORECASE|LARGE OBJECT|JAVA_OBJECT)\\(\\d+\\)|(?<=ARRAY)\\[\\d+\\]");

  private static final Pattern PADDED = Pattern.compile("BINARY\\((\\d+)\\)");

  /** The most elements of an array: H2's Constants.MAX_ARRAY_CARDINALITY. */
  private static final int MAX_CARDINALITY = 65_536;

  private final SqlText text = new SqlText(this);

  @Override
  public String product() {
    return "H2";
  }

  @Override
  public String system() {
    return "h2database";
  }

  /** r2dbc-h2 cuts statements at every semicolon, even a quoted one; this form has none. */
  @Override
  public String quote(String identifier) {
    String quoted = '"' + identifier.replace("\"", "\"\"") + '"';
    return quoted.contains(";")
        ? "U&" + quoted.replace("\\", "\\\\").replace(";", "\\003b")
        : quoted;
  }

  @Override
  public String catalogQuery() {
    return """
        SELECT c.TABLE_SCHEMA, c.TABLE_SCHEMA = CURRENT_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME,
          DATA_TYPE_SQL(c.TABLE_SCHEMA, c.TABLE_NAME, 'TABLE', c.DTD_IDENTIFIER), NULL,
          c.IS_GENERATED = 'ALWAYS' OR c.IS_IDENTITY = 'YES',
          c.IS_NULLABLE = 'NO' AND c.COLUMN_DEFAULT IS NULL AND c.IS_GENERATED <> 'ALWAYS'
            AND c.IS_IDENTITY <> 'YES' AND NOT EXISTS (
              SELECT 1 FROM INFORMATION_SCHEMA.TRIGGERS g
              WHERE g.EVENT_OBJECT_SCHEMA = c.TABLE_SCHEMA
              AND g.EVENT_OBJECT_TABLE = c.TABLE_NAME),
          COALESCE((SELECT LISTAGG(i.INDEX_NAME, CHAR(10)) FROM INFORMATION_SCHEMA.INDEX_COLUMNS i
            WHERE i.TABLE_SCHEMA = c.TABLE_SCHEMA AND i.TABLE_NAME = c.TABLE_NAME
            AND i.COLUMN_NAME = c.COLUMN_NAME AND i.IS_UNIQUE), ''),
          (SELECT CASE WHEN t.TABLE_TYPE = 'BASE TABLE' AND NOT EXISTS (
              SELECT 1 FROM INFORMATION_SCHEMA.TRIGGERS g
              WHERE g.EVENT_OBJECT_SCHEMA = t.TABLE_SCHEMA
              AND g.EVENT_OBJECT_TABLE = t.TABLE_NAME) THEN 'plain' ELSE 'other' END
            FROM INFORMATION_SCHEMA.TABLES t
            WHERE t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME),
          CASE WHEN COALESCE(c.COLLATION_NAME, 'OFF') = 'OFF' AND NOT EXISTS (
            SELECT 1 FROM INFORMATION_SCHEMA.TRIGGERS g
              WHERE g.EVENT_OBJECT_SCHEMA = c.TABLE_SCHEMA
              AND g.EVENT_OBJECT_TABLE = c.TABLE_NAME) THEN 'exact' END
        FROM INFORMATION_SCHEMA.COLUMNS c WHERE UPPER(c.TABLE_NAME) = UPPER(?)
        ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION""";
  }

  @Override
  public boolean storesAsGiven(SqlTable table) {
    return table.kind().equals("plain");
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return switch (table.schema().onConflict()) {
      case FAIL -> absent(table, present, List.of());
      case IGNORE -> absent(table, present, keysToIgnore(table, present));
      case UPDATE, REPLACE -> merge(table, present);
    };
  }

  @Override
  public KeyEquality keyEquality(SqlTable table) {
    return SqlKeys.of(table, H2Dialect::keyForm);
  }

  private static KeyForm keyForm(SqlColumn column) {
    String type = column.type();
    if (!column.comparison().equals("exact")) {
      return KeyForm.BACKEND;
    }
    if (type.startsWith("CHARACTER VARYING") || type.startsWith("VARCHAR(")) {
      return KeyForm.TEXT;
    }
    if (type.startsWith("NUMERIC")) {
      return KeyForm.DECIMAL;
    }
    return switch (type) {
      case "BIGINT", "INTEGER", "SMALLINT", "TINYINT" -> KeyForm.INTEGER;
      case "UUID" -> KeyForm.UUID;
      case "DATE" -> KeyForm.DATE;
      default -> KeyForm.BACKEND;
    };
  }

  private String absent(SqlTable table, List<SqlColumn> present, List<List<SqlColumn>> keys) {
    StringBuilder sql = new StringBuilder(text.insertInto(table, present));
    sql.append(" SELECT * FROM ").append(source(present));
    String separator = " WHERE ";
    for (List<SqlColumn> key : keys) {
      sql.append(separator).append("NOT EXISTS (SELECT 1 FROM ").append(text.table(table));
      sql.append(" T WHERE ").append(sameKey(key, present)).append(')');
      separator = " AND ";
    }
    return sql.append(H2Guard.of(table, present)).toString();
  }

  private String merge(SqlTable table, List<SqlColumn> present) {
    List<SqlColumn> assigned = table.overwritten(present);
    return "MERGE INTO "
        + text.table(table)
        + " T USING (SELECT * FROM "
        + source(present)
        + H2Guard.of(table, present)
        + ") S ON "
        + sameKey(table.conflictKey(), present)
        + (assigned.isEmpty() ? "" : " WHEN MATCHED THEN UPDATE SET ")
        + SqlText.list(", ", assigned, column -> text.name(column) + " = " + value(column, present))
        + " WHEN NOT MATCHED THEN INSERT "
        + row(present, text::name)
        + " VALUES "
        + row(present, column -> value(column, present));
  }

  /** The rows as a table S. H2 needs to know the types of its columns. */
  private static String source(List<SqlColumn> present) {
    return "UNNEST"
        + row(present, column -> "CAST(? AS " + castType(column) + " ARRAY)")
        + " S "
        + row(present, column -> "C" + present.indexOf(column));
  }

  private static String row(List<SqlColumn> columns, Function<SqlColumn, String> each) {
    return "(" + SqlText.list(", ", columns, each) + ")";
  }

  private String sameKey(List<SqlColumn> key, List<SqlColumn> present) {
    return SqlText.list(
        " AND ", key, column -> "T." + text.name(column) + " = " + keyValue(column, present));
  }

  /**
   * H2 pads a short value of BINARY when it stores it, but not when it compares it. A value that is
   * too long stays as it is: a cast would cut it off, and it could find the row of another key.
   */
  private static String keyValue(SqlColumn column, List<SqlColumn> present) {
    String value = value(column, present);
    Matcher binary = PADDED.matcher(column.type());
    return binary.matches()
        ? "CASE WHEN OCTET_LENGTH("
            + value
            + ") <= "
            + binary.group(1)
            + " THEN CAST("
            + value
            + " AS "
            + column.type()
            + ") ELSE "
            + value
            + " END"
        : value;
  }

  private static String value(SqlColumn column, List<SqlColumn> present) {
    int index = present.indexOf(column);
    return index < 0 ? "DEFAULT" : "S.C" + index;
  }

  /** Without a conflict key every unique key counts, but for those that a default fills. */
  private static List<List<SqlColumn>> keysToIgnore(SqlTable table, List<SqlColumn> present) {
    return table.schema().conflictKey().isEmpty()
        ? table.uniqueKeys().stream().filter(present::containsAll).toList()
        : List.of(table.conflictKey());
  }

  /** r2dbc-h2 sends every text as a CLOB, which H2 does not turn into a value of an ENUM. */
  private static String castType(SqlColumn column) {
    if (column.type().startsWith("ENUM")) {
      return "VARCHAR";
    }
    String type = CHARACTERS.matcher(column.type()).replaceAll("$1 VARYING");
    return LENGTH.matcher(type).replaceAll("");
  }

  @Override
  public String sessionIdQuery() {
    return "SELECT SESSION_ID(), (SELECT "
        + STARTED
        + " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID())";
  }

  @Override
  public String interrupt(long sessionId) {
    return "CALL CANCEL_SESSION(" + sessionId + ")";
  }

  @Override
  public String endSession(long sessionId, String mark) {
    return "SELECT ABORT_SESSION(SESSION_ID)" + session(sessionId, mark);
  }

  /**
   * Whoever is no administrator sees no session of others, and so never learns that one is gone.
   */
  @Override
  public String findSession(long sessionId, String mark) {
    return "SELECT 1 FROM INFORMATION_SCHEMA.USERS WHERE USER_NAME = CURRENT_USER AND NOT IS_ADMIN"
        + " UNION ALL SELECT 1"
        + session(sessionId, mark);
  }

  private static String session(long sessionId, String mark) {
    return " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = "
        + sessionId
        + " AND "
        + STARTED
        + " = "
        + SqlText.literal(mark);
  }

  @Override
  public int maxParameters() {
    return 100_000;
  }

  /** A statement does not see its own rows: where keys may repeat within a batch, one by one. */
  @Override
  public int maxRows(SqlTable table, List<SqlColumn> present) {
    boolean mayRepeat =
        table.schema().onConflict() == ConflictStrategy.IGNORE
            && table.schema().conflictKey().isEmpty()
            && !keysToIgnore(table, present).isEmpty();
    return mayRepeat ? 1 : MAX_CARDINALITY;
  }

  @Override
  public boolean columnWise() {
    return true;
  }

  @Override
  public Object encodeColumn(SqlColumn column, List<@Nullable Object> values) {
    return H2Values.of(column, values);
  }

  @Override
  public FailureKind classify(@Nullable String sqlState, int code) {
    return switch (code) {
      // Lock timeout, concurrent update, row gone meanwhile, statement cancelled.
      case 50200, 90131, 90112, 57014 -> FailureKind.CONTENTION;
      // I/O error, connection broken, database closing, connection or statement closed.
      case 90028, 90031, 90067, 90098, 90121, 90007 -> FailureKind.UNKNOWN;
      default -> byState(sqlState);
    };
  }

  private static FailureKind byState(@Nullable String sqlState) {
    if (sqlState == null) {
      return FailureKind.UNKNOWN;
    }
    return switch (sqlState.substring(0, Math.min(2, sqlState.length()))) {
      case "22", "23" -> FailureKind.DATA;
      case "40" -> FailureKind.CONTENTION;
      case "08" -> FailureKind.UNKNOWN;
      default -> FailureKind.PERMANENT;
    };
  }

  /** No such database, and none may be made: locally, or from another machine. */
  @Override
  public boolean refusesConnection(@Nullable String sqlState, int code) {
    return code == 90146 || code == 90149 || SqlDialect.super.refusesConnection(sqlState, code);
  }

  /** Null unless something is not committed. */
  @Override
  public String transactionQuery() {
    return "SELECT TRANSACTION_ID()";
  }

  @Override
  public boolean isLostRace(ConflictStrategy strategy, @Nullable String sqlState, int code) {
    return strategy != ConflictStrategy.FAIL && code == 23505;
  }

  @Override
  public boolean blocking() {
    return true;
  }
}
