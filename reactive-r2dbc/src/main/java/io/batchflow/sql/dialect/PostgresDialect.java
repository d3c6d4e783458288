package io.batchflow.sql.dialect;

import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL. A parameter is the array of a column's values, as the text of an array literal. The
 * driver's own arrays are text as well, would corrupt {@code bytea} and know no json.
 */
final class PostgresDialect implements SqlDialect {

  private final Placeholder placeholder;
  private final SqlText text;
  private final PostgresInserts inserts;
  private final PostgresDeletes deletes;

  PostgresDialect() {
    this(Placeholder.NUMBERED);
  }

  private PostgresDialect(Placeholder placeholder) {
    this.placeholder = placeholder;
    this.text = new SqlText(this);
    this.inserts = new PostgresInserts(text, placeholder);
    this.deletes = new PostgresDeletes(inserts, text);
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
  public String catalogQuery() {
    return PostgresCatalog.query(placeholder);
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return inserts.plain(table, present);
  }

  @Override
  public boolean takesConflictWhere() {
    return true;
  }

  @Override
  public boolean takesConflictConstraint() {
    return true;
  }

  @Override
  public boolean storesAsGiven(SqlTable table) {
    return table.kind().equals("plain") || table.kind().equals("partitioned");
  }

  @Override
  public @Nullable String insertReturning(SqlTable table, List<SqlColumn> present, int rows) {
    return new PostgresReturning(inserts, text).of(table, present, false);
  }

  @Override
  public @Nullable String insertRepeatedReturning(
      SqlTable table, List<SqlColumn> present, int rows) {
    return new PostgresReturning(inserts, text).of(table, present, true);
  }

  @Override
  public String insertRepeated(SqlTable table, List<SqlColumn> present, int rows) {
    return inserts.merged(table, present);
  }

  @Override
  public boolean rejectsRepeated(SqlTable table) {
    return PostgresKeys.rejectsRepeated(table);
  }

  @Override
  public String insertReturningValues(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return insert(table, present, rows) + " RETURNING " + text.names(returned);
  }

  @Override
  public boolean supportsUpdateOnly() {
    return true;
  }

  @Override
  public String update(SqlTable table, List<SqlColumn> present, int rows) {
    return new PostgresUpdates(inserts, text).of(table, present);
  }

  @Override
  public String selectStored(SqlTable table, int rows, List<SqlColumn> returned) {
    return new PostgresUpdates(inserts, text).stored(table, returned);
  }

  @Override
  public boolean supportsDeletes() {
    return true;
  }

  @Override
  public String delete(SqlTable table, List<SqlColumn> key, int rows) {
    return deletes.plain(table, key);
  }

  @Override
  public @Nullable String deleteReturning(SqlTable table, List<SqlColumn> key, int rows) {
    return deletes.returning(table, key);
  }

  @Override
  public @Nullable String insertReturningNew(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return new PostgresReturning(inserts, text).values(table, present, returned);
  }

  @Override
  public KeyEquality keyEquality(SqlTable table) {
    return SqlKeys.of(table, PostgresKeys::form);
  }

  @Override
  public boolean columnWise() {
    return true;
  }

  @Override
  public Object encodeColumn(SqlColumn column, List<@Nullable Object> values) {
    return PostgresInserts.isArray(column)
        ? PostgresText.arrays(values)
        : PostgresText.array(values);
  }

  @Override
  public boolean abortsTransaction() {
    return true;
  }

  @Override
  public String sessionContextQuery() {
    return PostgresSessions.CONTEXT_QUERY;
  }

  @Override
  public String sessionIdQuery() {
    return PostgresSessions.ID_QUERY;
  }

  @Override
  public String interrupt(long sessionId) {
    return "SELECT pg_cancel_backend(" + sessionId + ")";
  }

  @Override
  public String endSession(long sessionId, String mark) {
    return "SELECT pg_terminate_backend(pid)" + PostgresSessions.from(sessionId, mark);
  }

  @Override
  public String findSession(long sessionId, String mark) {
    return "SELECT pid" + PostgresSessions.from(sessionId, mark);
  }

  @Override
  public int maxParameters() {
    return 65_535;
  }

  @Override
  public FailureKind classify(@Nullable String sqlState, int code) {
    return PostgresStates.classify(sqlState);
  }

  @Override
  public boolean isStatementLost(@Nullable String sqlState, String message) {
    return PostgresStates.isStatementLost(sqlState, message);
  }

  /** The JDBC driver uses 08004 if the server wants a password and none was given. */
  @Override
  public boolean refusesConnection(@Nullable String sqlState, int code) {
    return "08004".equals(sqlState) || SqlDialect.super.refusesConnection(sqlState, code);
  }

  @Override
  public boolean isReadOnly(@Nullable String sqlState, int code) {
    return PostgresStates.READ_ONLY.equals(sqlState);
  }
}
