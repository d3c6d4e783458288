package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * H2 in its regular mode. A parameter is the array of a column's values, which H2 takes faster than
 * single values. H2 has no {@code ON CONFLICT}. An upsert is a {@code MERGE}, and IGNORE inserts
 * the rows whose keys are not there. Both look first and insert then, so they can lose a race.
 */
final class H2Dialect implements SqlDialect {

  /** The most elements of an array: Constants.MAX_ARRAY_CARDINALITY of H2. */
  private static final int MAX_CARDINALITY = 65_536;

  private final H2Inserts inserts = new H2Inserts(new SqlText(this));

  @Override
  public String product() {
    return "H2";
  }

  @Override
  public String system() {
    return "h2database";
  }

  /** r2dbc-h2 splits statements at every semicolon, even a quoted one. This form has none. */
  @Override
  public String quote(String identifier) {
    String quoted = SqlDialect.super.quote(identifier);
    return quoted.contains(";")
        ? "U&" + quoted.replace("\\", "\\\\").replace(";", "\\003b")
        : quoted;
  }

  @Override
  public String catalogQuery() {
    return H2Catalog.QUERY;
  }

  @Override
  public boolean storesAsGiven(SqlTable table) {
    return table.kind().equals("plain");
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return switch (table.schema().onConflict()) {
      case FAIL, IGNORE -> inserts.absent(table, present, SqlText.keys(table, present));
      case UPDATE, REPLACE -> inserts.merge(table, present);
    };
  }

  @Override
  public String insertReturningValues(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    return "SELECT "
        + SqlText.list(", ", returned, column -> quote(column.name()))
        + " FROM FINAL TABLE ("
        + insert(table, present, rows)
        + ")";
  }

  @Override
  public boolean supportsUpdateOnly() {
    return true;
  }

  @Override
  public String update(SqlTable table, List<SqlColumn> present, int rows) {
    return inserts.update(table, present);
  }

  @Override
  public String lockExisting(SqlTable table, int rows) {
    return inserts.lock(table);
  }

  @Override
  public String selectStored(SqlTable table, int rows, List<SqlColumn> returned) {
    return inserts.stored(table, returned);
  }

  @Override
  public boolean supportsDeletes() {
    return true;
  }

  @Override
  public String delete(SqlTable table, List<SqlColumn> key, int rows) {
    return inserts.delete(table, key);
  }

  /** It is a query for H2, which undoes only commands that fail. */
  @Override
  public boolean isReturningAtomic() {
    return false;
  }

  @Override
  public KeyEquality keyEquality(SqlTable table) {
    return SqlKeys.of(table, H2Keys::form);
  }

  @Override
  public String sessionContextQuery() {
    return H2Sessions.CONTEXT_QUERY;
  }

  @Override
  public String sessionIdQuery() {
    return H2Sessions.ID_QUERY;
  }

  @Override
  public String interrupt(long sessionId) {
    return "CALL CANCEL_SESSION(" + sessionId + ")";
  }

  @Override
  public String endSession(long sessionId, String mark) {
    return H2Sessions.END + H2Sessions.from(sessionId, mark);
  }

  @Override
  public String findSession(long sessionId, String mark) {
    return H2Sessions.MAY_NOT_LOOK + " UNION ALL SELECT 1" + H2Sessions.from(sessionId, mark);
  }

  @Override
  public int maxParameters() {
    return 100_000;
  }

  /** A statement does not see its own rows. If keys may repeat, each row gets its own statement. */
  @Override
  public int maxRows(SqlTable table, List<SqlColumn> present) {
    boolean mayRepeat =
        table.schema().onConflict() == ConflictStrategy.IGNORE
            && table.schema().conflictKey().isEmpty()
            && !SqlText.keys(table, present).isEmpty();
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
    FailureKind known = H2Errors.kind(code);
    return known == null ? SqlDialect.super.classify(sqlState, code) : known;
  }

  /** The database does not exist and may not be created, locally or by a remote client. */
  @Override
  public boolean refusesConnection(@Nullable String sqlState, int code) {
    return code == 90146 || code == 90149 || SqlDialect.super.refusesConnection(sqlState, code);
  }

  /** Returns null unless something is uncommitted. */
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
