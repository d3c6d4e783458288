package io.batchflow.jdbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SessionId;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.TableCache;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/** Runs batches on one connection. Belongs to one thread. */
final class JdbcSession {

  /** What runs in a transaction. */
  @FunctionalInterface
  interface Work<T> {

    T run() throws SQLException;
  }

  private static final Logger LOG = Loggers.getLogger(JdbcSession.class);
  private static final int VALID_SECONDS = 5;

  private final Connection connection;
  private final SqlDialect dialect;
  private final PreparedStatements prepared;
  private final JdbcTransactions transactions;
  private final JdbcCatalog catalog;
  private final JdbcStatements statements;

  private @Nullable SessionId id;

  private JdbcSession(Connection connection, SqlDialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
    this.prepared = new PreparedStatements(connection);
    this.transactions = new JdbcTransactions(connection, dialect);
    this.catalog = new JdbcCatalog(connection, prepared, dialect);
    this.statements = new JdbcStatements(connection, dialect, prepared, catalog);
  }

  static JdbcSession open(DataSource dataSource, SqlDialect dialect) throws SQLException {
    JdbcSession session = new JdbcSession(connect(dataSource), dialect);
    try {
      session.setUp();
      return session;
    } catch (SQLException | RuntimeException failure) {
      session.close();
      throw failure;
    }
  }

  /** Some pools throw a RuntimeException whose cause is the driver's exception. */
  private static Connection connect(DataSource dataSource) throws SQLException {
    try {
      return dataSource.getConnection();
    } catch (RuntimeException failure) {
      throw new SQLException("The DataSource gave no connection", failure);
    }
  }

  private void setUp() throws SQLException {
    transactions.checkNoneBegun();
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      for (String setup : dialect.setup()) {
        statement.execute(setup);
      }
    }
    readId();
  }

  private void readId() throws SQLException {
    String query = dialect.sessionIdQuery();
    if (query == null || dialect.endSession(0, "") == null) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      if (row.next() && row.getString(2) != null) {
        id = new SessionId(row.getLong(1), row.getString(2));
      }
    }
  }

  /** Returns the id by which another session can end this one; null if none can. */
  @Nullable SessionId id() {
    return id;
  }

  /** Reads the columns of the tables with the name of that of a schema. */
  List<CatalogRow> columns(Schema schema) throws SQLException {
    return catalog.rows(SqlTable.nameOf(schema));
  }

  /** Reads a table from the catalog. */
  SqlTable table(Schema schema) throws SQLException {
    return catalog.table(schema);
  }

  /** Returns a table, from the catalog if the writer does not know it yet. */
  SqlTable table(Schema schema, TableCache tables) throws SQLException {
    SqlTable table = tables.of(schema);
    if (table == null) {
      table = table(schema);
      tables.remember(table);
    }
    return table;
  }

  /** Returns why a table has no transactions; null if it has, or if its dialect cannot tell. */
  @Nullable String lacksTransactions(SqlTable table) throws SQLException {
    return catalog.lacksTransactions(table);
  }

  /** Runs a batch in one transaction. */
  BatchResult run(SqlTable table, Batch batch) throws SQLException {
    List<SqlStatement> ready = statements.of(table, batch);
    try {
      return atomically(batch.schema(), () -> statements.run(ready, batch));
    } catch (SQLException | RuntimeException failure) {
      statements.failed(ready, batch).checkRemains(failure);
      throw failure;
    }
  }

  /** Runs work in one transaction, which is rolled back if the work fails. */
  <T> T atomically(Schema schema, Work<T> work) throws SQLException {
    boolean committing = false;
    transactions.begin();
    try {
      T result = work.run();
      committing = true;
      transactions.commit();
      return result;
    } catch (SQLException | RuntimeException failure) {
      rollback(failure);
      if (!committing && isOfSession(failure) && isAlive()) {
        throw SqlWriteException.onLiveSession(schema, failure);
      }
      throw failure;
    }
  }

  /** Runs a batch within a transaction. */
  BatchResult execute(SqlTable table, Batch batch) throws SQLException {
    return statements.run(statements.of(table, batch), batch);
  }

  private void rollback(Exception failure) {
    try {
      statements.closeFailed(failure);
      transactions.rollback();
    } catch (SQLException second) {
      failure.addSuppressed(second);
    }
  }

  /** Returns whether a failure has the code of a lost session, which a trigger may raise too. */
  private boolean isOfSession(Exception failure) {
    return failure instanceof SQLException driver
        && (driver.getErrorCode() != 0 || driver.getSQLState() != null)
        && dialect.classify(driver.getSQLState(), driver.getErrorCode()) == FailureKind.UNKNOWN;
  }

  boolean isAlive() {
    try {
      return connection.isValid(VALID_SECONDS);
    } catch (SQLException | RuntimeException gone) {
      return false;
    }
  }

  /** Cancels the running statement, if there is one. Any thread may call this; it may block. */
  void interrupt() throws SQLException {
    statements.cancel();
  }

  /** Aborts the connection under the running statement. Any thread may call this; it may block. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException | LinkageError unable) {
      LOG.warn("A connection could not be aborted: {}", unable.getClass().getName());
    }
  }

  /** Closes the connection, which rolls back and frees whatever is open on it. */
  void close() {
    try {
      prepared.closeAll();
      connection.close();
    } catch (SQLException alreadyBroken) {
      LOG.debug("A connection did not close: {}", alreadyBroken.getClass().getName());
    }
  }
}
