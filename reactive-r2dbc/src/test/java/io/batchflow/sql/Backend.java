package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.Request;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Mono;

/** A real database, a writer to it, and a plain connection beside the writer to look at it. */
final class Backend implements AutoCloseable {

  /** The databases, each with the way that a writer reaches it. */
  enum Kind {
    H2_MEMORY,
    H2_FILE,
    H2_JDBC,
    POSTGRES,
    SQLITE_MEMORY,
    SQLITE_FILE;

    Backend open(Path directory) {
      return switch (this) {
        case H2_MEMORY -> h2("mem", UUID.randomUUID().toString());
        case H2_FILE -> h2("file", directory.resolve(UUID.randomUUID().toString()).toString());
        case H2_JDBC -> h2Jdbc();
        case POSTGRES -> postgres();
        case SQLITE_MEMORY ->
            sqlite("jdbc:sqlite:file:" + UUID.randomUUID() + "?mode=memory&cache=shared");
        case SQLITE_FILE -> sqlite("jdbc:sqlite:" + directory.resolve(UUID.randomUUID() + ".db"));
      };
    }

    boolean isSqlite() {
      return name().startsWith("SQLITE");
    }

    boolean isH2() {
      return name().startsWith("H2");
    }
  }

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final BatchWriter writer;
  private final Connection beside;
  private final String[] cleanup;

  private Backend(BatchWriter writer, String url, String... cleanup) {
    this.writer = writer;
    this.cleanup = cleanup;
    try {
      this.beside = DriverManager.getConnection(url);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  private static Backend h2(String protocol, String name) {
    return new Backend(
        R2dbcBatchWriter.create(ConnectionFactories.get("r2dbc:h2:" + protocol + ":///" + name)),
        "jdbc:h2:" + protocol + ":" + name);
  }

  /** A schema of its own in the server that all tests share. */
  private static Backend postgres() {
    String schema = "test_" + UUID.randomUUID().toString().replace("-", "");
    TestServer server = TestServers.postgres();
    Backend backend =
        new Backend(
            R2dbcBatchWriter.create(
                ConnectionFactories.get(server.r2dbcUrl("postgresql", "schema=" + schema))),
            server.jdbcUrl("postgresql", "currentSchema=" + schema),
            "DROP SCHEMA " + schema + " CASCADE");
    backend.run("CREATE SCHEMA " + schema);
    return backend;
  }

  private static Backend h2Jdbc() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return new Backend(JdbcBatchWriter.create(source), source.getUrl());
  }

  private static Backend sqlite(String url) {
    return new Backend(JdbcBatchWriter.create(sqliteSource(url)), url);
  }

  static DataSource sqliteSource(String url) {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl(url);
    source.setEnforceForeignKeys(true);
    return source;
  }

  BatchWriter writer() {
    return writer;
  }

  Connection connection() {
    return beside;
  }

  void run(String... statements) {
    try (Statement statement = beside.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  /** The rows of a query; whole numbers as Long, whatever the database calls them. */
  List<List<@Nullable Object>> read(String query) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (Statement statement = beside.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          Object value = result.getObject(i);
          row.add(value instanceof Integer number ? Long.valueOf(number) : value);
        }
        rows.add(row);
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
    return rows;
  }

  BatchResult write(Request... rows) {
    return write(List.of(rows));
  }

  BatchResult write(List<Request> rows) {
    BatchResult result = writer.write(batch(rows)).block(PATIENCE);
    if (result == null) {
      throw new AssertionError("The write completed without a result");
    }
    return result;
  }

  void verify(Schema schema) {
    (writer instanceof R2dbcBatchWriter r2dbc
            ? r2dbc.verify(schema)
            : ((JdbcBatchWriter) writer).verify(schema))
        .block(PATIENCE);
  }

  SqlPreview preview(List<Request> rows) {
    return Objects.requireNonNull(
        (writer instanceof R2dbcBatchWriter r2dbc
                ? r2dbc.preview(rows)
                : ((JdbcBatchWriter) writer).preview(rows))
            .block(PATIENCE));
  }

  BatchResult write(Batch batch) {
    return Objects.requireNonNull(writer.write(batch).block(PATIENCE), "result");
  }

  /** Writes what must fail, and returns how. */
  Throwable failureOf(Request... rows) {
    Throwable failure =
        writer
            .write(batch(List.of(rows)))
            .then(Mono.<Throwable>empty())
            .onErrorResume(Mono::just)
            .block(PATIENCE);
    if (failure == null) {
      throw new AssertionError("The write was to fail");
    }
    return failure;
  }

  /** Writes what must fail, and returns what the writer makes of it. */
  FailureKind kindOf(Request... rows) {
    return writer.failureClassifier().classify(failureOf(rows));
  }

  private static Batch batch(List<Request> rows) {
    return new Batch(rows.get(0).schema(), rows);
  }

  @Override
  public void close() {
    writer.close().block(PATIENCE);
    run(cleanup);
    try {
      beside.close();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }
}
