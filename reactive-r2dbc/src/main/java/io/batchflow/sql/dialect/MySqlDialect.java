package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * MySQL and MariaDB. {@code INSERT IGNORE} is not used, as it changes bad values with a mere
 * warning. {@code REPLACE} is not used, as it deletes every row that conflicts by any key, and the
 * rows that refer to them. {@code ON DUPLICATE KEY UPDATE} does neither.
 */
final class MySqlDialect implements SqlDialect {

  private final String product;
  private final MySqlInserts inserts = new MySqlInserts(new SqlText(this));
  private final MySqlDeletes deletes = new MySqlDeletes(new SqlText(this));
  private final MySqlUpdates updates = new MySqlUpdates(new SqlText(this));
  private final MySqlNumbers numbers = new MySqlNumbers(new SqlText(this));

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

  /** Most errors have the same SQLSTATE, HY000. */
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
    return MySqlCatalog.QUERY;
  }

  /** The catalog query returns the engine as the table's kind if it has no transactions. */
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
   * In a session that is not strict, the server would change bad values. On MariaDB each statement
   * turns strictness on for itself.
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

  /** Changes nothing, but is rejected within a transaction. */
  @Override
  public String transactionQuery() {
    return "SET TRANSACTION READ WRITE";
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return inserts.upsert(table, present, rows);
  }

  @Override
  public @Nullable String insertForReason(SqlTable table, List<SqlColumn> present, int code) {
    return MySqlInserts.isGuarded(table) && code == MySqlErrors.OUT_OF_RANGE
        ? inserts.plain(table, present, 1)
        : null;
  }

  /** The engine may have been changed since the table was read. */
  @Override
  public String remainsQuery() {
    return """
        SELECT CONCAT('its engine ', t.ENGINE, ' has no transactions')
        FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
        WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ? AND e.TRANSACTIONS <> 'YES'""";
  }

  /** MySQL has no RETURNING. That of MariaDB does not tell which rows were ignored. */
  @Override
  public @Nullable String insertReturningValues(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return product.equals("MariaDB") && !table.mayIgnore(present)
        ? insert(table, present, rows)
            + " RETURNING "
            + SqlText.list(", ", returned, column -> quote(column.name()))
        : null;
  }

  @Override
  public @Nullable String selectInserted(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return table.schema().onConflict() == ConflictStrategy.FAIL
        ? numbers.select(table, present, rows, returned)
        : null;
  }

  @Override
  public String reasonForNoValues(SqlTable table, List<SqlColumn> present) {
    return MySqlNumbers.problem(table, present);
  }

  /** The server runs every insert row by row, in order. */
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
    return updates.of(table, present, rows);
  }

  @Override
  public String lockExisting(SqlTable table, int rows) {
    return updates.lock(table, rows);
  }

  @Override
  public String selectStored(SqlTable table, int rows, List<SqlColumn> returned) {
    return updates.lock(table, rows, returned);
  }

  @Override
  public int maxUpdates(SqlTable table, List<SqlColumn> present) {
    return Math.min(MySqlUpdates.MAX_ROWS, maxRows(table, present));
  }

  @Override
  public boolean supportsDeletes() {
    return true;
  }

  @Override
  public String delete(SqlTable table, List<SqlColumn> key, int rows) {
    return deletes.of(table, key, rows);
  }

  @Override
  public int maxDeletes(SqlTable table, List<SqlColumn> key) {
    return MySqlDeletes.MAX_ROWS;
  }

  @Override
  public @Nullable Object encodeKey(SqlColumn column, Object value) {
    Object encoded = encode(column, value);
    return encoded == null ? null : MySqlKeyValues.of(column, encoded);
  }

  @Override
  public KeyEquality keyEquality(SqlTable table) {
    return SqlKeys.of(table, MySqlKeys::form);
  }

  @Override
  public String sessionContextQuery() {
    return """
        SELECT CONCAT_WS(' ', CURRENT_USER(), @@max_allowed_packet, @@session.time_zone,
          @@session.sql_mode, DATABASE())""";
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
   * The numbers start again when the server does, so the client's address and port are compared
   * too. A server without access control leaves them empty.
   */
  @Override
  public String findSession(long sessionId, String mark) {
    return "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = "
        + sessionId
        + " AND HOST = "
        + SqlText.literal(mark);
  }

  /** The limit of a server-side prepared statement. */
  @Override
  public int maxParameters() {
    return 65_535;
  }

  @Override
  public @Nullable Object encode(SqlColumn column, Object value) {
    return MySqlValues.of(column, value);
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
  public boolean isDuplicateKey(@Nullable String sqlState, int code, String message) {
    return MySqlErrors.isDuplicateKey(code);
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

  /** MariaDB has ROW_NUMBER since 10.7. MySQL rejects it. */
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
