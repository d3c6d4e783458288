package io.batchflow.benchmarks.differential;

import io.batchflow.BatchWriter;
import io.batchflow.jdbc.JdbcBatchWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A database over a JDBC driver. */
final class JdbcSite implements Site {

  private final DataSource source;
  private final Connection connection;

  JdbcSite(DataSource source, List<String> session) throws SQLException {
    this.source = source;
    this.connection = source.getConnection();
    run(session);
  }

  @Override
  public void run(List<String> statements) {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
  }

  @Override
  public List<List<String>> query(String sql, int columns) {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          values.add(String.valueOf(result.getString(column)));
        }
        rows.add(values);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
    return rows;
  }

  @Override
  public void execute(String sql, List<Parameter> parameters) throws Rejection {
    run(sql, parameters, PreparedStatement::executeUpdate);
  }

  @Override
  public long count(String sql, List<Parameter> parameters) throws Rejection {
    return run(
        sql,
        parameters,
        statement -> {
          try (ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getLong(1);
          }
        });
  }

  /** What becomes of a statement with its parameters. */
  @FunctionalInterface
  private interface Use<T> {

    T of(PreparedStatement statement) throws SQLException;
  }

  private <T> T run(String sql, List<Parameter> parameters, Use<T> use) throws Rejection {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int index = 0; index < parameters.size(); index++) {
        statement.setObject(index + 1, parameters.get(index).value());
      }
      return use.of(statement);
    } catch (SQLException rejected) {
      throw new Rejection(rejected.getErrorCode(), String.valueOf(rejected.getMessage()));
    } catch (RuntimeException rejected) {
      throw new Rejection(0, rejected.toString());
    }
  }

  @Override
  public void begin() {
    run(List.of("BEGIN"));
  }

  @Override
  public void commit() {
    run(List.of("COMMIT"));
  }

  @Override
  public BatchWriter writer() {
    return JdbcBatchWriter.create(source);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
