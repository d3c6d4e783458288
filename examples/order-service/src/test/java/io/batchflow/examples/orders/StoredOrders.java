package io.batchflow.examples.orders;

import io.batchflow.testservers.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Reads the tables of the service beside it. */
final class StoredOrders {

  private StoredOrders() {}

  /** Returns the ids of the orders that are stored with their line. */
  static Set<UUID> in(TestServer database) throws SQLException {
    return ids(database, "SELECT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id");
  }

  /** Returns the ids of the orders that are stored without a line, which must not be. */
  static Set<UUID> withoutLine(TestServer database) throws SQLException {
    return ids(
        database, "SELECT id FROM orders WHERE id NOT IN (SELECT order_id FROM order_lines)");
  }

  private static Set<UUID> ids(TestServer database, String sql) throws SQLException {
    Set<UUID> ids = new HashSet<>();
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl("postgresql", null));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        ids.add(rows.getObject(1, UUID.class));
      }
    }
    return ids;
  }
}
