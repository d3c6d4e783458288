package io.batchflow.examples;

import io.batchflow.BatchWriter;
import io.batchflow.Request;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.sql.SqlDialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;

/** A SQLite file. */
final class SqliteTarget implements Target {

  private final SqlDialect dialect = SqlDialect.sqlite();
  private final SQLiteDataSource dataSource;
  private final Connection connection;

  private SqliteTarget(SQLiteDataSource dataSource, Connection connection) {
    this.dataSource = dataSource;
    this.connection = connection;
  }

  static SqliteTarget open(String url) {
    SQLiteDataSource dataSource = new SQLiteDataSource();
    dataSource.setUrl(url);
    try {
      Connection connection = dataSource.getConnection();
      SqliteTarget target = new SqliteTarget(dataSource, connection);
      target.execute("PRAGMA journal_mode = WAL");
      target.execute("PRAGMA synchronous = NORMAL");
      return target;
    } catch (SQLException failure) {
      throw new LoadException("Database " + url + " cannot be opened: " + failure.getMessage());
    }
  }

  @Override
  public Map<ColumnType, String> types() {
    return Map.of(ColumnType.BIGINT, "INTEGER", ColumnType.DOUBLE, "REAL", ColumnType.TEXT, "TEXT");
  }

  @Override
  public List<Column> columnsOf(String table) {
    String name = table.substring(table.lastIndexOf('.') + 1);
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement("SELECT name, type FROM pragma_table_info(?)")) {
      query.setString(1, name);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          ColumnType type = ColumnType.declared(rows.getString(2));
          columns.add(
              new Column(rows.getString(1), types().containsKey(type) ? type : ColumnType.TEXT));
        }
      }
      return columns;
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  @Override
  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  @Override
  public List<List<String>> query(String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<List<String>> result = new ArrayList<>();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(rows.getString(i)));
        }
        result.add(row);
      }
      return result;
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  @Override
  public String quote(String identifier) {
    return dialect.quote(identifier);
  }

  @Override
  public BatchWriter writer() {
    return JdbcBatchWriter.create(dataSource, dialect);
  }

  @Override
  public void insertOneByOne(Schema schema, Flux<Request> rows) {
    try (PreparedStatement insert =
        connection.prepareStatement(insertOne(schema), Statement.NO_GENERATED_KEYS)) {
      for (Request row : rows.toIterable()) {
        for (int i = 0; i < schema.columns().size(); i++) {
          insert.setObject(i + 1, row.value(i));
        }
        insert.executeUpdate();
      }
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  private static LoadException failed(SQLException failure) {
    return new LoadException("SQLite says: " + failure.getMessage());
  }
}
