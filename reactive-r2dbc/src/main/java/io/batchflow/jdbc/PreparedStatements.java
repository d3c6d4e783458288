package io.batchflow.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The prepared statements of a connection by their texts. The oldest in use are closed first. */
final class PreparedStatements {

  private static final int MAX_PREPARED = 64;
  private static final int MAX_ROWS = 512;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);

  PreparedStatements(Connection connection) {
    this.connection = connection;
  }

  /** Returns a power of two, so that few statement texts are prepared. */
  static int roundSize(int rows) {
    return Integer.highestOneBit(Math.min(rows, MAX_ROWS));
  }

  /** Returns the statement of a text. Prepares it if the connection has none. */
  PreparedStatement get(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known != null) {
      return known;
    }
    if (prepared.size() >= MAX_PREPARED) {
      Iterator<PreparedStatement> oldest = prepared.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
    PreparedStatement statement = connection.prepareStatement(sql, Statement.NO_GENERATED_KEYS);
    prepared.put(sql, statement);
    return statement;
  }

  void close(Statement statement) throws SQLException {
    prepared.values().remove(statement);
    statement.close();
  }

  void closeAll() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
  }
}
