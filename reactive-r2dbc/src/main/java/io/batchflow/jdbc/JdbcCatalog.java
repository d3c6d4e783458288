package io.batchflow.jdbc;

import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads tables from the catalog of a connection's database. */
final class JdbcCatalog {

  private final Connection connection;
  private final PreparedStatements prepared;
  private final SqlDialect dialect;

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

  JdbcCatalog(Connection connection, PreparedStatements prepared, SqlDialect dialect) {
    this.connection = connection;
    this.prepared = prepared;
    this.dialect = dialect;
  }

  /** Returns the table of a schema, with the version of its definition and the session's limits. */
  SqlTable table(Schema schema) throws SQLException {
    SqlTable table = described(schema);
    String version = dialect.versionQuery(table);
    if (version != null) {
      // The version is read before the catalog, so that a change in between is detected later.
      long number = number(version);
      table = described(schema).atVersion(number);
    }
    return inSession(table);
  }

  private SqlTable described(Schema schema) throws SQLException {
    return SqlTable.resolve(schema, rows(SqlTable.nameOf(schema))).writableBy(dialect);
  }

  /** Reads the columns of the tables of a name. */
  List<CatalogRow> rows(String table) throws SQLException {
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

  private SqlTable inSession(SqlTable table) throws SQLException {
    String session = dialect.sessionQuery();
    if (session == null) {
      return table;
    }
    try (Statement query = connection.createStatement();
        ResultSet result = query.executeQuery(session)) {
      return result.next() ? table.inSession(result.getLong(1), result.getString(2)) : table;
    }
  }

  /** Fails if the definition of a table has changed since it was read, where that can be asked. */
  void checkVersion(SqlTable table) throws SQLException {
    String query = dialect.versionQuery(table);
    if (query != null) {
      table.checkVersion(number(query));
    }
  }

  /** Returns why a table has no transactions; null if it has, or if its dialect cannot tell. */
  @Nullable String lacksTransactions(SqlTable table) throws SQLException {
    String query = dialect.remainsQuery();
    if (query == null) {
      return null;
    }
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < table.path().size(); i++) {
        statement.setString(i + 1, table.path().get(i));
      }
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getString(1) : null;
      }
    }
  }

  private long number(String query) throws SQLException {
    try (ResultSet result = prepared.get(query).executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
