package io.batchflow.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.ObjIntConsumer;

/**
 * The table in a SQL database.
 *
 * @param url the URL for writing
 * @param jdbcUrl the URL for reading
 */
record SqlTable(String name, String url, String jdbcUrl) implements StoredTable {

  private static final String TABLE = "faults";

  static SqlTable create(String name, String url, String jdbcUrl) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + TABLE + " (id BIGINT PRIMARY KEY, val VARCHAR(40))");
    }
    return new SqlTable(name, url, jdbcUrl);
  }

  @Override
  public void read(int from, int to, ObjIntConsumer<String> stored) throws SQLException {
    String query = "SELECT id, val FROM " + TABLE + " WHERE id >= " + from + " AND id < " + to;
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        stored.accept(rows.getString(2), rows.getInt(1));
      }
    }
  }

  @Override
  public void close() {}
}
