package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: one array for each column, unnested, here in the text of its literal. The driver's
 * own arrays would corrupt {@code bytea}, know no json, and be text as well.
 */
final class PostgresDialect implements SqlDialect {

  /** How a column compares that no trigger rewrites and whose texts have no second form. */
  private static final String EXACT = "exact";

  private static final List<String> UNCUT = List.of("char", "bpchar", "bit");

  /** What drivers call their statements; a trigger may raise the codes, too. */
  private static final Pattern DRIVERS_STATEMENT =
      Pattern.compile("\"S_\\d+\"|unnamed prepared statement");

  private static final String STARTED =
      "to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')";

  private final SqlText text = new SqlText(this);

  private final Placeholder placeholder;

  PostgresDialect() {
    this(Placeholder.NUMBERED);
  }

  private PostgresDialect(Placeholder placeholder) {
    this.placeholder = placeholder;
  }

  @Override
  public SqlDialect withPlaceholder(Placeholder other) {
    return new PostgresDialect(other);
  }

  @Override
  public String product() {
    return "PostgreSQL";
  }

  @Override
  public String system() {
    return "postgresql";
  }

  @Override
  public String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /**
   * A trigger before the insert (type bits: row 1, before 2, insert 4) may fill what is left out.
   */
  @Override
  public String catalogQuery() {
    return """
        SELECT n.nspname::text, pg_catalog.pg_table_is_visible(c.oid), c.relname::text,
          a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod),
          pg_catalog.format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, -1),
          a.attgenerated <> '' OR a.attidentity <> ''
            OR COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false),
          a.attnotnull AND d.oid IS NULL AND a.attidentity = '' AND t.typdefault IS NULL
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g
              WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype & 7 = 7),
          COALESCE((SELECT string_agg(CASE WHEN i.indimmediate AND i.indisvalid
              THEN i.indexrelid::text ELSE '!index ' || i.indexrelid::regclass::text || ' is '
              || CASE WHEN i.indisvalid THEN 'DEFERRABLE' ELSE 'INVALID' END END, chr(10))
            FROM pg_catalog.pg_index i
            WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL
            AND i.indexprs IS NULL AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])),
            ''),
          CASE WHEN c.relrowsecurity THEN 'secured' WHEN c.relkind = 'v' THEN 'view'
            WHEN c.relkind = 'f' THEN 'foreign' WHEN c.relhasrules THEN 'ruled'
            WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal
              AND g.tgrelid IN (SELECT c.oid UNION SELECT p.relid
                FROM pg_catalog.pg_partition_tree(c.oid) p)) THEN 'triggered'
            WHEN c.relkind = 'r' THEN 'plain' ELSE 'partitioned' END,
          CASE WHEN NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g
              WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype & 7 = 7)
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_collation l
              WHERE NOT l.collisdeterministic AND (l.oid = a.attcollation OR EXISTS (
                SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique
                AND l.oid = ANY (i.indcollation::oid[]))))
            THEN 'exact' ELSE (SELECT quote_ident(s.nspname) || '.' || quote_ident(l.collname)
              FROM pg_catalog.pg_collation l
              JOIN pg_catalog.pg_namespace s ON s.oid = l.collnamespace
              WHERE l.oid = a.attcollation AND NOT l.collisdeterministic) END
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE lower(c.relname::text) = lower(%s) AND c.relkind IN ('r', 'p', 'v', 'f')
          AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY n.nspname, c.relname, a.attnum"""
        .replace("%s", placeholder.at(0));
  }

  /** Unnested one beside the other, which the server does without storing the rows in between. */
  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return text.insertInto(table, present)
        + " SELECT "
        + SqlText.list(
            ", ", present, column -> value(column, "unnest(" + array(present, column) + ")"))
        + PostgresGuard.of(table, present, text)
        + onConflict(table, present);
  }

  @Override
  public boolean storesAsGiven(SqlTable table) {
    return table.kind().equals("plain") || table.kind().equals("partitioned");
  }

  /**
   * The source's number is lost at the insert, so it is found again by the key. A partitioned table
   * does not tell xmax. What is not certain is left out: rows that only the database calls equal,
   * rows with nulls in their keys unless all of them were inserted, and all rows of a table that
   * has a trigger by now.
   */
  @Override
  public @Nullable String insertReturning(SqlTable table, List<SqlColumn> present, int rows) {
    return insertReturning(table, present, false);
  }

  @Override
  public @Nullable String insertRepeatedReturning(
      SqlTable table, List<SqlColumn> present, int rows) {
    return insertReturning(table, present, mergesByKey(table));
  }

  private @Nullable String insertReturning(
      SqlTable table, List<SqlColumn> present, boolean merges) {
    List<SqlColumn> key = table.conflictKey();
    boolean tells = table.kind().equals("plain") && present.containsAll(key);
    if (table.schema().onConflict() == ConflictStrategy.FAIL || key.isEmpty() || !tells) {
      return null;
    }
    return "WITH s AS MATERIALIZED (SELECT * FROM "
        + numbered(present)
        + PostgresGuard.of(table, present, text)
        + "), w AS ("
        + text.insertInto(table, present)
        + (merges ? selectMerged(table, present, "s") : " SELECT " + values(present) + " FROM s")
        + onConflict(table, present)
        + " RETURNING "
        + SqlText.list(", ", key, column -> text.name(column) + " AS k" + key.indexOf(column))
        + ", xmax = 0 AS fresh), u AS (SELECT * FROM w WHERE "
        + anyIsNull(key, column -> "k" + key.indexOf(column))
        + "), r AS (SELECT s.n, CASE WHEN "
        + anyIsNull(key, column -> "s.c" + present.indexOf(column))
        + " THEN (SELECT count(*) = (SELECT count(*) FROM s WHERE "
        + anyIsNull(key, column -> "s.c" + present.indexOf(column))
        + ") AND bool_and(u.fresh) OR NULL FROM u) ELSE w.fresh END AS fresh, w.k0 IS NULL"
        + " OR count(*) OVER (PARTITION BY "
        + SqlText.list(", ", key, column -> "w.k" + key.indexOf(column))
        + ") = 1 AS alone FROM s LEFT JOIN w ON "
        + SqlText.list(
            " AND ",
            key,
            column ->
                "w.k"
                    + key.indexOf(column)
                    + " = ("
                    + value(column, "s.c" + present.indexOf(column))
                    + ")::"
                    + column.type())
        + ") SELECT r.n, r.fresh FROM r WHERE r.alone AND NOT EXISTS (SELECT 1 FROM"
        + " pg_catalog.pg_trigger g WHERE NOT g.tgisinternal AND g.tgrelid = '"
        + text.table(table).replace("'", "''")
        + "'::regclass)";
  }

  private static String anyIsNull(List<SqlColumn> key, Function<SqlColumn, String> name) {
    return SqlText.list(" OR ", key, column -> name.apply(column) + " IS NULL");
  }

  @Override
  public String insertRepeated(SqlTable table, List<SqlColumn> present, int rows) {
    return mergesByKey(table)
        ? text.insertInto(table, present)
            + selectMerged(
                table, present, numbered(present) + PostgresGuard.of(table, present, text))
            + onConflict(table, present)
        : insert(table, present, rows);
  }

  /** The columns of a constraint that is only named are not known. */
  private static boolean mergesByKey(SqlTable table) {
    return table.schema().conflictConstraint() == null;
  }

  /**
   * Returns the query for the rows of a source that has their numbers, one for each key: it takes
   * what is overwritten from the last of the key, the rest from the first. In the order of the
   * keys, so that overlapping statements lock alike. A null is no key.
   */
  private static String selectMerged(SqlTable table, List<SqlColumn> present, String source) {
    List<SqlColumn> key = table.conflictKey();
    List<SqlColumn> overwritten = table.overwritten(present);
    String keys =
        SqlText.list(", ", key, column -> key(column, present))
            + ", CASE WHEN "
            + anyIsNull(key, column -> "c" + present.indexOf(column))
            + " THEN n END";
    return " SELECT "
        + values(present)
        + " FROM (SELECT DISTINCT ON ("
        + keys
        + ") "
        + SqlText.list(
            ", ",
            present,
            column -> {
              String name = "c" + present.indexOf(column);
              return overwritten.isEmpty() || overwritten.contains(column)
                  ? name
                  : "first_value(" + name + ") OVER w AS " + name;
            })
        + " FROM "
        + source
        + (overwritten.isEmpty() ? "" : " WINDOW w AS (PARTITION BY " + keys + " ORDER BY n)")
        + " ORDER BY "
        + keys
        + (overwritten.isEmpty() ? ", n" : ", n DESC")
        + ") s";
  }

  /** A cast to a text of some length would cut off what an insert rejects. */
  private static String key(SqlColumn column, List<SqlColumn> present) {
    String carried = "c" + present.indexOf(column);
    boolean limited = UNCUT.stream().anyMatch(column.castType()::startsWith);
    String cast = "(" + carried + ")::" + (limited ? column.castType() : column.type());
    String collation = column.comparison();
    return collation.isEmpty() || collation.equals(EXACT) ? cast : cast + " COLLATE " + collation;
  }

  @Override
  public KeyEquality keyEquality(SqlTable table) {
    return SqlKeys.of(table, PostgresDialect::keyForm);
  }

  private static KeyForm keyForm(SqlColumn column) {
    String type = column.type();
    if (!column.comparison().equals(EXACT)) {
      return KeyForm.BACKEND;
    }
    if (type.startsWith("character varying")) {
      return KeyForm.TEXT;
    }
    if (type.startsWith("numeric")) {
      return KeyForm.DECIMAL;
    }
    return switch (type) {
      case "bigint", "integer", "smallint" -> KeyForm.INTEGER;
      case "text" -> KeyForm.TEXT;
      case "bytea" -> KeyForm.BYTES;
      case "uuid" -> KeyForm.UUID;
      case "date" -> KeyForm.DATE;
      case "timestamp without time zone" -> KeyForm.LOCAL_MICROS;
      case "timestamp with time zone" -> KeyForm.MICROS;
      default -> KeyForm.BACKEND;
    };
  }

  private String onConflict(SqlTable table, List<SqlColumn> present) {
    if (table.schema().onConflict() == ConflictStrategy.FAIL) {
      return "";
    }
    List<SqlColumn> assigned = table.overwritten(present);
    return " ON CONFLICT"
        + target(table)
        + (assigned.isEmpty() ? " DO NOTHING" : " DO UPDATE SET ")
        + SqlText.list(
            ", ", assigned, column -> text.name(column) + " = excluded." + text.name(column));
  }

  private String target(SqlTable table) {
    String constraint = table.schema().conflictConstraint();
    if (constraint != null) {
      return " ON CONSTRAINT " + quote(constraint);
    }
    List<SqlColumn> key = table.conflictKey();
    String where = table.schema().conflictWhere();
    return (key.isEmpty() ? "" : " (" + text.names(key) + ")")
        + (where == null ? "" : " WHERE " + where);
  }

  private String unnested(List<SqlColumn> present) {
    return "unnest(" + SqlText.list(", ", present, column -> array(present, column)) + ")";
  }

  private String numbered(List<SqlColumn> present) {
    return unnested(present) + " WITH ORDINALITY AS s(" + carriers(present) + ", n)";
  }

  private String array(List<SqlColumn> present, SqlColumn column) {
    String carrier = isArray(column) ? "text" : column.castType();
    // Every text has its parameters in order, each once, so that ? means the same as a number.
    return placeholder.at(present.indexOf(column)) + "::" + carrier + "[]";
  }

  private static String carriers(List<SqlColumn> present) {
    return SqlText.list(", ", present, column -> "c" + present.indexOf(column));
  }

  private static String values(List<SqlColumn> present) {
    return SqlText.list(", ", present, column -> value(column, "c" + present.indexOf(column)));
  }

  private static String value(SqlColumn column, String carried) {
    return isArray(column) ? carried + "::" + column.castType() : carried;
  }

  /** An array of arrays would be flattened by unnest, so an inner one travels as text. */
  private static boolean isArray(SqlColumn column) {
    return column.castType().endsWith("[]");
  }

  @Override
  public boolean columnWise() {
    return true;
  }

  @Override
  public Object encodeColumn(SqlColumn column, List<@Nullable Object> values) {
    return isArray(column) ? PostgresText.arrays(values) : PostgresText.array(values);
  }

  @Override
  public String sessionIdQuery() {
    return "SELECT pg_backend_pid(), (SELECT "
        + STARTED
        + " FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid())";
  }

  @Override
  public String interrupt(long sessionId) {
    return "SELECT pg_cancel_backend(" + sessionId + ")";
  }

  @Override
  public String endSession(long sessionId, String mark) {
    return "SELECT pg_terminate_backend(pid)" + session(sessionId, mark);
  }

  /** A session leaves the view after its transaction has ended. */
  @Override
  public String findSession(long sessionId, String mark) {
    return "SELECT pid" + session(sessionId, mark);
  }

  /**
   * A process may get the number of one that is gone, hence its start; which others may not see.
   */
  private static String session(long sessionId, String mark) {
    return " FROM pg_catalog.pg_stat_activity WHERE pid = "
        + sessionId
        + " AND (backend_start IS NULL OR "
        + STARTED
        + " = "
        + SqlText.literal(mark)
        + ")";
  }

  @Override
  public int maxParameters() {
    return 65_535;
  }

  /**
   * By appendix A of PostgreSQL's manual. 57014 is a statement that was stopped, 55P03 and 55006 a
   * lock that was not to be had, 25006 a server that is read-only just now; 21000 is a key twice in
   * one statement, 54000 a value too long for an index, P0001 what a trigger raised: splitting
   * finds the row. What ends the session (57P01) may do so during the commit.
   */
  @Override
  public FailureKind classify(@Nullable String sqlState, int code) {
    if (sqlState == null || sqlState.length() != 5) {
      return FailureKind.UNKNOWN;
    }
    return switch (sqlState) {
      case "57014", "55P03", "55006" -> FailureKind.CONTENTION;
      case "57P03", "25006" -> FailureKind.TRANSIENT;
      case "57P01", "57P02", "57P05", "40003" -> FailureKind.UNKNOWN;
      default ->
          switch (sqlState.substring(0, 2)) {
            case "21", "22", "23", "44", "54", "P0" -> FailureKind.DATA;
            case "40" -> FailureKind.CONTENTION;
            case "53" -> FailureKind.TRANSIENT;
            case "08", "58", "99" -> FailureKind.UNKNOWN;
            default -> FailureKind.PERMANENT;
          };
    };
  }

  @Override
  public boolean isStatementLost(@Nullable String sqlState, String message) {
    return ("26000".equals(sqlState) || "42P05".equals(sqlState))
        && DRIVERS_STATEMENT.matcher(message).find();
  }

  /** By 08004 the JDBC driver says that the server wants a password and none was given. */
  @Override
  public boolean refusesConnection(@Nullable String sqlState, int code) {
    return "08004".equals(sqlState) || SqlDialect.super.refusesConnection(sqlState, code);
  }

  @Override
  public boolean isReadOnly(@Nullable String sqlState, int code) {
    return "25006".equals(sqlState);
  }
}
