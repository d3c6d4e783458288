package io.batchflow.jdbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SessionId;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlVerdicts;
import io.batchflow.sql.SqlWriteException;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

  private static final Logger LOG = Loggers.getLogger(JdbcSession.class);
  private static final int VALID_SECONDS = 5;

  private final Connection connection;
  private final SqlDialect dialect;
  private final PreparedStatements prepared;
  private final JdbcTransactions transactions;
  private final JdbcCatalog catalog;

  private volatile @Nullable Statement running;
  private @Nullable SessionId id;

  private JdbcSession(Connection connection, SqlDialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
    this.prepared = new PreparedStatements(connection);
    this.transactions = new JdbcTransactions(connection, dialect);
    this.catalog = new JdbcCatalog(connection, prepared, dialect);
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

  /** Runs the statements in one transaction. If one fails, the transaction is rolled back. */
  BatchResult run(List<SqlStatement> statements, Batch batch) throws SQLException {
    SqlVerdicts verdicts = new SqlVerdicts(batch);
    boolean committing = false;
    transactions.begin();
    try {
      catalog.checkVersion(statements.get(0).table());
      long affected = execute(statements, batch, verdicts);
      committing = true;
      transactions.commit();
      return verdicts.result(affected);
    } catch (SQLException | RuntimeException failure) {
      rollback(failure);
      if (!committing && isOfSession(failure) && isAlive()) {
        throw SqlWriteException.onLiveSession(batch.schema(), failure);
      }
      if (!committing) {
        new FailedBatch(connection, dialect, statements.get(0)).tellMore(failure, batch);
      }
      throw failure;
    }
  }

  private long execute(List<SqlStatement> statements, Batch batch, SqlVerdicts verdicts)
      throws SQLException {
    JdbcVerdicts queries = new JdbcVerdicts(prepared, verdicts);
    long affected = 0;
    for (SqlStatement statement : statements) {
      if (batch.rowVerdicts() || statement.isUpdateOnly()) {
        queries.before(statement);
      }
      PreparedStatement target = prepared.get(statement.sql());
      statement.bindTo((index, value) -> bind(target, index, value));
      running = target;
      long touched = execute(target, statement, queries, batch);
      verdicts.affected(statement, touched);
      affected += touched;
      if (batch.rowVerdicts()) {
        queries.after(statement);
      }
    }
    running = null;
    return affected;
  }

  /** A driver's RuntimeException here is caused by the value. */
  private static void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    try {
      statement.setObject(index + 1, value);
    } catch (RuntimeException | StackOverflowError rejected) {
      throw new IllegalArgumentException("the driver does not take it", rejected);
    }
  }

  /** Names the row of a failure if the message does, so that no search for it is needed. */
  private long execute(
      PreparedStatement target, SqlStatement rows, JdbcVerdicts queries, Batch batch)
      throws SQLException {
    try {
      return rows.returned().isEmpty()
          ? rows.returning() ? queries.run(target, rows) : target.executeUpdate()
          : queries.stored(target, rows);
    } catch (SQLException failure) {
      String message = failure.getMessage();
      int row = message == null ? 0 : dialect.badRow(message);
      int index = rows.indexInBatch(row - 1);
      if (index >= 0 && batch.size() > 1 && isOfARow(failure)) {
        throw new BadRowException(index, failure);
      }
      throw failure;
    }
  }

  /** A failed statement may be unusable: sqlite-jdbc frees it after some errors of a row. */
  private void rollback(Exception failure) {
    Statement failed = running;
    running = null;
    try {
      if (!isOfARow(failure)) {
        prepared.closeAll();
      } else if (failed != null) {
        prepared.close(failed);
      }
      transactions.rollback();
    } catch (SQLException second) {
      failure.addSuppressed(second);
    }
  }

  private boolean isOfARow(Exception failure) {
    return BadRowException.causeOf(failure) instanceof SQLException driver
        && dialect.classify(driver.getSQLState(), driver.getErrorCode()) == FailureKind.DATA;
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
    Statement statement = running;
    if (statement != null) {
      statement.cancel();
    }
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
