package io.batchflow.examples;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A database file that the program loads into, with a plain JDBC connection for the test. */
record Database(String url, String jdbcUrl) {

  /** The databases that the program can load into. */
  enum Kind {
    SQLITE,
    H2;

    Database in(Path directory) {
      String file = directory.resolve("data").toString();
      return this == SQLITE
          ? new Database("jdbc:sqlite:" + file + ".db", "jdbc:sqlite:" + file + ".db")
          : new Database("r2dbc:h2:file:///" + file, "jdbc:h2:file:" + file);
    }
  }

  void run(String... statements) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Returns the rows of a query, with each value as text and NULL as null. */
  List<List<@Nullable String>> read(String sql) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<@Nullable String>> rows = new ArrayList<>();
      while (result.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }
}
