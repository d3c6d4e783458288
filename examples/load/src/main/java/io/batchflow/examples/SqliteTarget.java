package io.batchflow.examples;

import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;

/** A SQLite file over JDBC. */
final class SqliteTarget implements Target {

  /** SQLite's names of the types that it distinguishes. Times are stored as text, unchanged. */
  private static final Map<ColumnType, String> TYPES =
      Map.of(
          ColumnType.BOOLEAN, "BOOLEAN",
          ColumnType.INTEGER, "INTEGER",
          ColumnType.DECIMAL, "NUMERIC",
          ColumnType.REAL, "REAL",
          ColumnType.BYTES, "BLOB");

  private final SQLiteDataSource source;
  private final Connection connection;
  private final SqlDialect dialect = Dialects.sqlite();

  private SqliteTarget(SQLiteDataSource source, Connection connection) {
    this.source = source;
    this.connection = connection;
  }

  static SqliteTarget open(String url) {
    if (url.equals("jdbc:sqlite:") || url.contains(":memory:")) {
      throw new LoadException(
          "SQLite in memory has a database for each connection: name a file, as jdbc:sqlite:FILE");
    }
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl(url);
    try {
      SqliteTarget target = new SqliteTarget(source, source.getConnection());
      // Sets the same durability as the writer has, and fails if the file is not a database.
      target.dialect.setup().forEach(target::execute);
      return target;
    } catch (SQLException failure) {
      throw new LoadException("No connection to " + url + ": " + Reason.of(failure), failure);
    }
  }

  @Override
  public String name() {
    return source.getUrl();
  }

  @Override
  public SqlDialect dialect() {
    return dialect;
  }

  @Override
  public ColumnType typeOf(String sqlType) {
    ColumnType type = ColumnType.of(sqlType);
    return TYPES.containsKey(type) ? type : ColumnType.TEXT;
  }

  @Override
  public String nameOf(ColumnType type) {
    return TYPES.getOrDefault(type, "TEXT");
  }

  @Override
  public BatchWriter writer() {
    return JdbcBatchWriter.create(source, dialect);
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
  public List<List<@Nullable Object>> query(String sql, Object... parameters) {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      bind(query, List.of(parameters));
      List<List<@Nullable Object>> rows = new ArrayList<>();
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          List<@Nullable Object> row = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            row.add(result.getObject(i));
          }
          rows.add(row);
        }
      }
      return rows;
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  @Override
  public long executeEach(String sql, Flux<List<@Nullable Object>> rows) {
    long done = 0;
    try (PreparedStatement statement =
        connection.prepareStatement(sql, Statement.NO_GENERATED_KEYS)) {
      for (List<@Nullable Object> row : rows.toIterable()) {
        bind(statement, row);
        executeUnlessRejected(statement);
        done++;
      }
      return done;
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  private void executeUnlessRejected(PreparedStatement statement) throws SQLException {
    try {
      statement.executeUpdate();
    } catch (SQLException failure) {
      if (!dialect
          .classify(failure.getSQLState(), failure.getErrorCode())
          .equals(FailureKind.DATA)) {
        throw failure;
      }
    }
  }

  private static void bind(PreparedStatement statement, List<? extends @Nullable Object> values)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  private static LoadException failed(SQLException failure) {
    return new LoadException("The database says: " + Reason.of(failure), failure);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }
}
