package io.batchflow.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A process that holds a SQLite file's write lock until its input ends. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String[] args) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("INSERT INTO events VALUES (1000)");
      System.out.println("held");
      if (System.in.read() < 0) {
        statement.execute("COMMIT");
      }
    }
  }
}
