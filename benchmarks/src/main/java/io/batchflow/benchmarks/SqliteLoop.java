package io.batchflow.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Hand-written code for SQLite: one prepared statement, and a transaction for each batch. */
final class SqliteLoop implements Way.Writing, AutoCloseable {

  private final Connection connection;
  private final int batch;

  SqliteLoop(Connection connection, int batch) throws SQLException {
    this.connection = connection;
    this.batch = batch;
    connection.setAutoCommit(false);
  }

  @Override
  public void write(int rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Events.insert('"', batch))) {
      for (int first = 0; first < rows; first += batch) {
        int index = 1;
        for (int row = first; row < first + batch; row++) {
          statement.setLong(index++, Events.id(row));
          statement.setInt(index++, Events.deviceId(row));
          statement.setString(index++, Events.kind(row));
          statement.setDouble(index++, Events.value(row));
          statement.setString(index++, Events.createdAt(row).toString());
        }
        statement.executeUpdate();
        connection.commit();
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
