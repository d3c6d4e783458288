package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * MySQL and MariaDB. Neither {@code INSERT IGNORE} is used, which turns bad values into others with
 * a warning, nor {@code REPLACE}, which deletes every row that conflicts by any key, and those that
 * refer to them: {@code ON DUPLICATE KEY UPDATE} does neither.
 */
final class MySqlDialect implements SqlDialect {

  /**
   * MariaDB alone reads this: bad values are rejected whatever the session's sql_mode is at the
   * moment, and the session keeps it.
   */
  private static final String STRICT =
      "/*M! SET STATEMENT sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES') FOR */ ";

  /** BIGINT value is out of range, which is how the guard of the conflict key fails. */
  private static final int OUT_OF_RANGE = 1690;

  /** Collations that compare characters, for spaces at the end the same or not. */
  private static final Pattern BINARY =
      Pattern.compile("(utf8|utf8mb3|utf8mb4|ascii|latin1)(_0900)?(_nopad)?_bin");

  /** Collations for no language of its own, which may have letters that are equal in it alone. */
  private static final Pattern FOLDING =
      Pattern.compile(
          "(utf8|utf8mb3|utf8mb4|ascii)"
              + "_(general|unicode|unicode_520|uca1400|0900)(_nopad)?(_ai|_as)?(_ci|_cs)");

  /** A TIMESTAMP of a session in another zone than UTC. */
  private static final String ZONED = "timestamp in local time";

  /** The first hour that a TIME does not hold. */
  private static final int TIME_HOURS = 839;

  private final String product;
  private final SqlText text = new SqlText(this);

  MySqlDialect(String product) {
    this.product = product;
  }

  @Override
  public String product() {
    return product;
  }

  @Override
  public String system() {
    return product.toLowerCase(Locale.ROOT);
  }

  /** The SQLSTATE of most is the same HY000. */
  @Override
  public @Nullable String statusCode(@Nullable String sqlState, int code) {
    return code == 0 ? sqlState : String.valueOf(code);
  }

  @Override
  public String quote(String identifier) {
    return '`' + identifier.replace("`", "``") + '`';
  }

  @Override
  public String catalogQuery() {
    return """
        SELECT c.TABLE_SCHEMA, c.TABLE_SCHEMA = DATABASE(), c.TABLE_NAME, c.COLUMN_NAME,
          c.COLUMN_TYPE,
          CASE WHEN c.DATA_TYPE = 'timestamp' AND IF(@@session.time_zone = 'SYSTEM',
            @@system_time_zone, @@session.time_zone) NOT IN ('UTC', '+00:00', 'Etc/UTC')
            THEN 'timestamp in local time' END,
          c.EXTRA LIKE '%auto_increment%' OR COALESCE(c.GENERATION_EXPRESSION, '') <> '',
          c.IS_NULLABLE = 'NO' AND c.COLUMN_DEFAULT IS NULL AND c.EXTRA = ''
            AND c.DATA_TYPE <> 'enum'
            AND NOT EXISTS (SELECT 1 FROM information_schema.TRIGGERS g
              WHERE g.EVENT_OBJECT_SCHEMA = c.TABLE_SCHEMA AND g.EVENT_OBJECT_TABLE = c.TABLE_NAME
              AND g.ACTION_TIMING = 'BEFORE' AND g.EVENT_MANIPULATION = 'INSERT'),
          COALESCE((SELECT GROUP_CONCAT(s.INDEX_NAME SEPARATOR '\\n')
            FROM information_schema.STATISTICS s
            WHERE s.TABLE_SCHEMA = c.TABLE_SCHEMA AND s.TABLE_NAME = c.TABLE_NAME
            AND s.COLUMN_NAME = c.COLUMN_NAME AND s.NON_UNIQUE = 0
            AND NOT EXISTS (SELECT 1 FROM information_schema.STATISTICS p
              WHERE p.TABLE_SCHEMA = s.TABLE_SCHEMA AND p.TABLE_NAME = s.TABLE_NAME
              AND p.INDEX_NAME = s.INDEX_NAME
              AND (p.SUB_PART IS NOT NULL OR p.COLUMN_NAME IS NULL))), ''),
          (SELECT CASE WHEN t.ENGINE IS NULL THEN 'view'
              WHEN COALESCE(e.TRANSACTIONS, 'NO') <> 'YES' THEN CONCAT('engine ', t.ENGINE)
              WHEN EXISTS (SELECT 1 FROM information_schema.TRIGGERS g
                WHERE g.EVENT_OBJECT_SCHEMA = t.TABLE_SCHEMA
                AND g.EVENT_OBJECT_TABLE = t.TABLE_NAME) THEN 'triggered'
              ELSE 'plain' END
            FROM information_schema.TABLES t
            LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
            WHERE t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME),
          CASE WHEN EXISTS (SELECT 1 FROM information_schema.TRIGGERS g
              WHERE g.EVENT_OBJECT_SCHEMA = c.TABLE_SCHEMA AND g.EVENT_OBJECT_TABLE = c.TABLE_NAME
              AND g.ACTION_TIMING = 'BEFORE' AND g.EVENT_MANIPULATION = 'INSERT') THEN NULL
            WHEN c.EXTRA LIKE '%auto_increment%'
              AND @@session.sql_mode NOT LIKE '%NO_AUTO_VALUE_ON_ZERO%' THEN 'auto'
            ELSE COALESCE(c.COLLATION_NAME, 'exact') END
        FROM information_schema.COLUMNS c WHERE LOWER(c.TABLE_NAME) = LOWER(?)
        ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION""";
  }

  /** The catalog's kind of a table is its engine where that has no transactions. */
  @Override
  public @Nullable String problemOf(SqlTable table) {
    return table.kind().startsWith("engine ")
        ? "its "
            + table.kind()
            + " has no transactions, so a batch that fails would leave rows behind"
        : null;
  }

  @Override
  public boolean storesAsGiven(SqlTable table) {
    return table.kind().equals("plain");
  }

  /**
   * Whoever turned strictness off gets values stored that nobody sent. On MariaDB each statement
   * turns it on for itself.
   */
  @Override
  public String sessionQuery() {
    return """
        SELECT @@max_allowed_packet, CASE
          WHEN VERSION() NOT LIKE '%MariaDB%' AND @@sql_mode NOT LIKE '%STRICT\\_%' THEN
          'the session''s sql_mode is not strict, so bad values would be changed in silence' END""";
  }

  @Override
  public List<String> setup() {
    return List.of(
        "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
        "SET SESSION time_zone = '+00:00'");
  }

  /** Says what holds anyway; rejected within a transaction. */
  @Override
  public String transactionQuery() {
    return "SET TRANSACTION READ WRITE";
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return plainInsert(table, present, rows) + onConflict(table, present);
  }

  private String plainInsert(SqlTable table, List<SqlColumn> present, int rows) {
    return STRICT
        + text.insertInto(table, present)
        + " VALUES "
        + SqlText.rows(present.size(), rows);
  }

  /** The plain insert fails by the same key as the guard did, and its error names that key. */
  @Override
  public @Nullable String insertForReason(SqlTable table, List<SqlColumn> present, int code) {
    boolean guarded =
        table.schema().onConflict() != ConflictStrategy.FAIL && !table.conflictKey().isEmpty();
    return guarded && code == OUT_OF_RANGE ? plainInsert(table, present, 1) : null;
  }

  /** The engine may have been changed since the table was looked up. */
  @Override
  public String remainsQuery() {
    return """
        SELECT CONCAT('its engine ', t.ENGINE, ' has no transactions')
        FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
        WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ? AND e.TRANSACTIONS <> 'YES'""";
  }

  /** Row by row, in their order, is how the server runs it anyway. */
  @Override
  public String insertRepeated(SqlTable table, List<SqlColumn> present, int rows) {
    return insert(table, present, rows);
  }

  @Override
  public KeyEquality keyEquality(SqlTable table) {
    return SqlKeys.of(table, MySqlDialect::keyForm);
  }

  private static KeyForm keyForm(SqlColumn column) {
    String type = column.type().toLowerCase(Locale.ROOT);
    if (column.comparison().isEmpty()) {
      return KeyForm.BACKEND;
    }
    if (type.matches("(tiny|small|medium|big)?int\\b.*")) {
      return column.comparison().equals("auto") ? KeyForm.AUTO_INTEGER : KeyForm.INTEGER;
    }
    if (type.startsWith("decimal")) {
      return KeyForm.DECIMAL;
    }
    if (type.startsWith("varchar") || type.startsWith("char")) {
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

  /** Whether a collation is known well enough to tell some texts apart without the server. */
  static boolean comparesInJava(String collation) {
    return textForm(collation) != KeyForm.BACKEND;
  }

  private static KeyForm textForm(String collation) {
    if (BINARY.matcher(collation).matches()) {
      return KeyForm.PADDED;
    }
    return FOLDING.matcher(collation).matches() ? KeyForm.FOLDED : KeyForm.BACKEND;
  }

  /** In {@code VALUES} a column that the row leaves unset has its default. */
  private String onConflict(SqlTable table, List<SqlColumn> present) {
    if (table.schema().onConflict() == ConflictStrategy.FAIL) {
      return "";
    }
    List<SqlColumn> assigned = table.overwritten(present);
    String guard = guard(table);
    String first = guard.isEmpty() && assigned.isEmpty() ? keep(present.get(0)) : guard;
    return " ON DUPLICATE KEY UPDATE "
        + first
        + (first.isEmpty() || assigned.isEmpty() ? "" : ", ")
        + SqlText.list(
            ", ", assigned, column -> text.name(column) + " = " + newValue(column, present));
  }

  /**
   * MariaDB lets a row leave out a column that has no default if VALUES names the column, and
   * stores zero or the like. DEFAULT is an error then, as it is without the clause.
   */
  private String newValue(SqlColumn column, List<SqlColumn> present) {
    boolean missing = column.required() && !present.contains(column);
    return (missing ? "DEFAULT(" : "VALUES(") + text.name(column) + ")";
  }

  private String keep(SqlColumn column) {
    return text.name(column) + " = " + text.name(column);
  }

  /**
   * The clause acts on a conflict by any key, so a conflict by another key than the one that is
   * meant must fail: a number leaves its range, which is an error in every mode of the server. The
   * guard stands in every statement, as the table may get another key at any time. The server
   * evaluates it only for a row that conflicts.
   */
  private String guard(SqlTable table) {
    List<SqlColumn> key = table.conflictKey();
    if (key.isEmpty()) {
      return "";
    }
    String name = text.name(key.get(0));
    String same =
        SqlText.list(
            " AND ", key, column -> text.name(column) + " = VALUES(" + text.name(column) + ")");
    return name
        + " = IF(COALESCE("
        + same
        + ", FALSE) OR ~0 + 1 + ISNULL(VALUES("
        + name
        + ")) > 0, "
        + (table.schema().onConflict() == ConflictStrategy.REPLACE ? unaltered(table, name) : name)
        + ", "
        + name
        + ")";
  }

  /**
   * A column that was added since would keep its value: then a subquery has two rows where it may
   * have one. Only for a row that conflicts; others get the defaults.
   */
  private static String unaltered(SqlTable table, String name) {
    return "IF((SELECT n FROM (SELECT 1 AS n UNION ALL SELECT 2) two WHERE (SELECT COUNT(*)"
        + " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
        + literal(table.path().get(0))
        + " AND TABLE_NAME = "
        + literal(table.path().get(1))
        + ") <> "
        + table.columns().size()
        + ") IS NULL, "
        + name
        + ", "
        + name
        + ")";
  }

  /** Whatever the session's mode makes of backslashes. */
  private static String literal(String text) {
    return "_utf8mb4 0x" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String sessionIdQuery() {
    return """
        SELECT CONNECTION_ID(),
          (SELECT HOST FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID())""";
  }

  @Override
  public String interrupt(long sessionId) {
    return "KILL QUERY " + sessionId;
  }

  @Override
  public String endSession(long sessionId, String mark) {
    return "KILL CONNECTION " + sessionId;
  }

  /**
   * Numbers begin anew when the server does, hence the client's address and port, which a server
   * without access control leaves empty.
   */
  @Override
  public String findSession(long sessionId, String mark) {
    return "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = "
        + sessionId
        + " AND HOST = "
        + SqlText.literal(mark);
  }

  /** A prepared statement of the server's takes no more. */
  @Override
  public int maxParameters() {
    return 65_535;
  }

  @Override
  public @Nullable Object encode(SqlColumn column, Object value) {
    Object plain = ValueNormalizer.of(value);
    if (plain instanceof String text) {
      return ValueNormalizer.wellFormed(text);
    }
    if (plain instanceof BigDecimal decimal && !ValueNormalizer.isShort(decimal)) {
      return decimal.toString(); // the drivers would write its zeros out
    }
    if (plain instanceof Double || plain instanceof Float) {
      double number = ((Number) plain).doubleValue();
      return Double.isFinite(number) ? plain : null;
    }
    if (plain instanceof UUID) {
      return plain.toString();
    }
    if (plain instanceof Duration amount && Math.abs(amount.toHours()) >= TIME_HOURS) {
      return null; // r2dbc-mysql would lose its connection over one of Long.MIN_VALUE seconds
    }
    boolean known =
        plain instanceof Long
            || plain instanceof Integer
            || plain instanceof Short
            || plain instanceof Byte
            || plain instanceof BigDecimal
            || plain instanceof BigInteger
            || plain instanceof Boolean
            || plain instanceof LocalDate
            || plain instanceof LocalDateTime
            || plain instanceof LocalTime
            || plain instanceof Duration
            || plain instanceof byte[];
    return known ? plain : moment(column, plain);
  }

  /** As UTC: in a session of another zone it would become another moment. */
  private static @Nullable Object moment(SqlColumn column, Object value) {
    Instant instant;
    if (value instanceof Instant moment) {
      instant = moment;
    } else if (value instanceof OffsetDateTime time) {
      instant = time.toInstant();
    } else if (value instanceof ZonedDateTime time) {
      instant = time.toInstant();
    } else {
      return null;
    }
    if (column.castType().equals(ZONED)) {
      throw new IllegalArgumentException(
          "a moment cannot go into a TIMESTAMP unless the session's time_zone is '+00:00'");
    }
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  @Override
  public long literalBytes(Object value) {
    return MySqlLiteral.bytes(value);
  }

  @Override
  public FailureKind classify(@Nullable String sqlState, int code) {
    return MySqlErrors.classify(sqlState, code);
  }

  @Override
  public boolean refusesConnection(@Nullable String sqlState, int code) {
    return MySqlErrors.isRefusal(code) || SqlDialect.super.refusesConnection(sqlState, code);
  }

  @Override
  public boolean isOfCommit(int code) {
    return code == MySqlErrors.AT_COMMIT;
  }

  @Override
  public int badRow(String message) {
    return MySqlErrors.badRow(message);
  }

  /** MariaDB's, since 10.7; MySQL rejects it. */
  @Override
  public List<String> badRowQueries() {
    return List.of(
        "GET DIAGNOSTICS CONDITION 1 @batchflow_row = ROW_NUMBER", "SELECT @batchflow_row");
  }

  @Override
  public boolean isReadOnly(@Nullable String sqlState, int code) {
    return code == 1290 || code == 1792 || code == 1836;
  }
}
