package io.batchflow.r2dbc.retention;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the table of a rule in SQLite. Its methods block. */
final class SqliteLookup {

  /** The names of the row id, of which columns may hide some. */
  private static final List<String> ROW_IDS = List.of("rowid", "_rowid_", "oid");

  private final SqlDialect dialect;
  private final RetentionOptions options;

  SqliteLookup(SqlDialect dialect, RetentionOptions options) {
    this.dialect = dialect;
    this.options = options;
  }

  /** The current row of a result. */
  private record ResultCells(ResultSet row) implements CatalogRow.Cells<SQLException> {

    @Override
    public @Nullable String text(int column) throws SQLException {
      return row.getString(column + 1);
    }

    @Override
    public boolean truth(int column) throws SQLException {
      return row.getBoolean(column + 1);
    }
  }

  /** Throws {@link io.batchflow.sql.SqlWriteException} if the rule does not fit the table. */
  SqliteTarget find(Connection connection, RetentionRule rule) throws SQLException {
    List<CatalogRow> rows = rows(connection, SqlTable.nameOf(rule.table));
    SqlTable table =
        SqlTable.resolve(
            SqlTable.schemaOf(rule.table, rows, ConflictStrategy.FAIL, List.of()), rows);
    SqlColumn column = TargetLookup.column(rule, table);
    if (rule.unit == null && TimeType.of(column.type(), false) == TimeType.EPOCH) {
      throw TargetLookup.failure(
          rule,
          "the type of the time column '" + column.name() + "' is " + column.type(),
          "Tell by epoch what its numbers count");
    }
    Instant now = now(connection);
    TargetLookup.checkClock(rule, now, options.scheduler);
    Instant moment = now.minus(rule.keep).truncatedTo(ChronoUnit.SECONDS);
    return new SqliteTarget(
        table.path().stream().map(dialect::quote).collect(Collectors.joining(".")),
        rowId(connection, rule, table),
        SqliteTimes.expired(dialect.quote(column.name()), moment, rule.zone, rule.unit),
        moment);
  }

  private List<CatalogRow> rows(Connection connection, String table) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(dialect.catalogQuery())) {
      query.setString(1, table);
      List<CatalogRow> rows = new ArrayList<>();
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          rows.add(CatalogRow.of(new ResultCells(result)));
        }
      }
      return rows;
    }
  }

  private static Instant now(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT unixepoch('now')");
        ResultSet result = query.executeQuery()) {
      result.next();
      return Instant.ofEpochSecond(result.getLong(1));
    }
  }

  private static String rowId(Connection connection, RetentionRule rule, SqlTable table)
      throws SQLException {
    if (hasRowIds(connection, table)) {
      for (String name : ROW_IDS) {
        if (table.columns().stream().noneMatch(column -> column.name().equalsIgnoreCase(name))) {
          return name;
        }
      }
    }
    throw TargetLookup.failure(
        rule, "its rows have no row id", "Name a table that is not WITHOUT ROWID, and no view");
  }

  private static boolean hasRowIds(Connection connection, SqlTable table) throws SQLException {
    String sql =
        "SELECT 1 FROM pragma_table_list"
            + " WHERE schema = ? AND name = ? AND type = 'table' AND wr = 0";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, table.path().get(0));
      query.setString(2, table.path().get(1));
      try (ResultSet result = query.executeQuery()) {
        return result.next();
      }
    }
  }
}
