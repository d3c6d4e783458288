package io.batchflow.jdbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/** One connection, its prepared statements and its transactions. Belongs to one thread. */
final class JdbcSession {

  private static final Logger LOG = Loggers.getLogger(JdbcSession.class);
  private static final int MAX_PREPARED = 64;
  private static final int VALID_SECONDS = 5;

  /** The SQLSTATE of what cannot be done within a transaction. */
  static final String IN_TRANSACTION = "25001";

  private final Connection connection;
  private final SqlDialect dialect;
  private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);

  private volatile @Nullable Statement running;
  private @Nullable Id id;

  /**
   * What other sessions know a session by.
   *
   * @param mark a text that no other session of its number has
   */
  record Id(long number, String mark) {}

  /** The row that a result stands at. */
  private record ResultCells(ResultSet row) implements CatalogRow.Cells<SQLException> {

    @Override
    public @Nullable String text(int column) throws SQLException {
      return row.getString(column + 1);
    }

    @Override
    public boolean truth(int column) throws SQLException {
      return row.getBoolean(column + 1);
    }
  }

  private JdbcSession(Connection connection, SqlDialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  static JdbcSession open(DataSource dataSource, SqlDialect dialect) throws SQLException {
    JdbcSession session = new JdbcSession(connect(dataSource), dialect);
    try {
      session.checkNoTransaction();
      session.connection.setAutoCommit(true);
      for (String setup : dialect.setup()) {
        session.execute(setup);
      }
      session.learnId();
      return session;
    } catch (SQLException | RuntimeException failure) {
      session.close();
      throw failure;
    }
  }

  /** Some pools throw what is no SQLException, with the driver's as its cause. */
  private static Connection connect(DataSource dataSource) throws SQLException {
    try {
      return dataSource.getConnection();
    } catch (RuntimeException failure) {
      throw new SQLException("The DataSource gave no connection", failure);
    }
  }

  /**
   * A pool may be set to hand its connections out with auto-commit off; one that someone has begun
   * something on would have that committed when auto-commit is set.
   */
  private void checkNoTransaction() throws SQLException {
    connection.setReadOnly(connection.isReadOnly()); // which drivers reject within a transaction
    String query = dialect.transactionQuery();
    if (query == null) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(query) && isNotNull(statement)) {
        throw new SQLException("There is something not committed", IN_TRANSACTION);
      }
    } catch (SQLException failure) {
      throw dialect.begin() == null
          ? failure
          : new SQLException("A transaction cannot be begun", IN_TRANSACTION, failure);
    }
    if (dialect.begin() != null) {
      execute("ROLLBACK");
    }
  }

  private static boolean isNotNull(Statement executed) throws SQLException {
    try (ResultSet result = executed.getResultSet()) {
      return result.next() && result.getString(1) != null;
    }
  }

  private void learnId() throws SQLException {
    String query = dialect.sessionIdQuery();
    if (query == null || dialect.endSession(0, "") == null) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      if (row.next() && row.getString(2) != null) {
        id = new Id(row.getLong(1), row.getString(2));
      }
    }
  }

  /** Returns what other sessions know this one by; null where they cannot end it. */
  @Nullable Id id() {
    return id;
  }

  SqlTable table(Schema schema) throws SQLException {
    SqlTable table = described(schema);
    String version = dialect.versionQuery(table);
    if (version != null) {
      // Before the catalog: what changes in between is then noticed.
      long number = number(version);
      table = described(schema).atVersion(number);
    }
    String session = dialect.sessionQuery();
    if (session == null) {
      return table;
    }
    try (Statement query = connection.createStatement();
        ResultSet result = query.executeQuery(session)) {
      return result.next() ? table.inSession(result.getLong(1), result.getString(2)) : table;
    }
  }

  private SqlTable described(Schema schema) throws SQLException {
    return SqlTable.resolve(schema, catalog(SqlTable.nameOf(schema))).writableBy(dialect);
  }

  private long number(String query) throws SQLException {
    try (ResultSet result = prepare(query).executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  private void checkVersion(SqlTable table) throws SQLException {
    String query = dialect.versionQuery(table);
    if (query != null) {
      table.checkVersion(number(query));
    }
  }

  private List<CatalogRow> catalog(String table) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(dialect.catalogQuery())) {
      query.setString(1, table);
      List<CatalogRow> rows = new ArrayList<>();
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          rows.add(CatalogRow.of(new ResultCells(result)));
        }
      }
      return rows;
    }
  }

  /** Runs the statements in one transaction; if one fails, nothing of it stays. */
  BatchResult run(List<SqlStatement> statements, Batch batch) throws SQLException {
    SqlVerdicts verdicts = new SqlVerdicts(batch);
    boolean committing = false;
    begin();
    try {
      checkVersion(statements.get(0).table());
      long affected = 0;
      for (SqlStatement statement : statements) {
        if (batch.rowVerdicts()) {
          lookBefore(statement, verdicts);
        }
        PreparedStatement target = prepare(statement.sql());
        statement.bindTo((index, value) -> bind(target, index, value));
        running = target;
        long touched = execute(target, statement, verdicts, batch);
        verdicts.affected(statement, touched);
        affected += touched;
        if (batch.rowVerdicts()) {
          lookAfter(statement, verdicts);
        }
      }
      running = null;
      committing = true;
      commit();
      return verdicts.result(affected);
    } catch (SQLException | RuntimeException failure) {
      Statement failed = running;
      running = null;
      rollback(failure, failed);
      if (!committing && isOfSession(failure) && isAlive()) {
        throw SqlWriteException.onLiveSession(batch.schema(), failure);
      }
      if (!committing) {
        new FailedBatch(connection, dialect, statements.get(0)).tellMore(failure, batch);
      }
      throw failure;
    }
  }

  /** What a driver throws here, and is no error of the database's, is the value's fault. */
  private static void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    try {
      statement.setObject(index + 1, value);
    } catch (RuntimeException | StackOverflowError rejected) {
      throw new IllegalArgumentException("the driver does not take it", rejected);
    }
  }

  /** Whether a failure has the code of a lost session; a trigger may signal that too. */
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

  /** Names the row of a failure where the message does, so that nobody has to search for it. */
  private long execute(
      PreparedStatement target, SqlStatement rows, SqlVerdicts verdicts, Batch batch)
      throws SQLException {
    try {
      return rows.returning() ? told(target, rows, verdicts) : target.executeUpdate();
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

  /** Runs a statement that tells what each row did; returns how many rows it touched. */
  private static long told(PreparedStatement target, SqlStatement rows, SqlVerdicts verdicts)
      throws SQLException {
    long touched = 0;
    try (ResultSet result = target.executeQuery()) {
      while (result.next()) {
        boolean inserted = result.getBoolean(2);
        boolean neither = result.wasNull();
        verdicts.returned(rows, result.getInt(1), neither ? null : inserted);
        touched += neither ? 0 : 1;
      }
    }
    return touched;
  }

  /** Ends the statement that runs, if one does; for any thread, which it may block. */
  void interrupt() throws SQLException {
    Statement statement = running;
    if (statement != null) {
      statement.cancel();
    }
  }

  /** Takes the connection from under the statement that runs; for any thread, likewise. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException | LinkageError unable) {
      LOG.warn("A connection could not be aborted: {}", unable.getClass().getName());
    }
  }

  private void lookBefore(SqlStatement statement, SqlVerdicts verdicts) throws SQLException {
    String sql = statement.selectExisting();
    if (sql == null) {
      return;
    }
    verdicts.nothingExists(statement);
    PreparedStatement query = prepare(sql);
    statement.bindKeysTo((index, value) -> query.setObject(index + 1, value));
    try (ResultSet existing = query.executeQuery()) {
      while (existing.next()) {
        verdicts.exists(statement, existing.getInt(1));
      }
    }
  }

  private void lookAfter(SqlStatement statement, SqlVerdicts verdicts) throws SQLException {
    String sql = statement.selectDistinct();
    if (sql == null) {
      return;
    }
    PreparedStatement query = prepare(sql);
    statement.bindKeysTo((index, value) -> query.setObject(index + 1, value));
    Set<Integer> numbers = new HashSet<>();
    try (ResultSet distinct = query.executeQuery()) {
      while (distinct.next()) {
        numbers.add(distinct.getInt(1));
      }
    }
    verdicts.distinct(statement, numbers);
  }

  private void begin() throws SQLException {
    String begin = dialect.begin();
    if (begin == null) {
      connection.setAutoCommit(false);
    } else {
      execute(begin);
    }
  }

  private void commit() throws SQLException {
    if (dialect.begin() == null) {
      connection.commit();
      connection.setAutoCommit(true);
    } else {
      execute("COMMIT");
    }
  }

  /**
   * A statement that failed may be of no further use: sqlite-jdbc frees it after some errors of a
   * row. After what concerns more than a row all statements are prepared anew.
   */
  private void rollback(Exception failure, @Nullable Statement failed) {
    try {
      if (!isOfARow(failure)) {
        closePrepared();
      } else if (failed != null) {
        prepared.values().remove(failed);
        failed.close();
      }
      if (dialect.begin() == null) {
        connection.rollback();
        connection.setAutoCommit(true);
      } else {
        execute("ROLLBACK");
      }
    } catch (SQLException second) {
      failure.addSuppressed(second);
    }
  }

  private boolean isOfARow(Exception failure) {
    return BadRowException.causeOf(failure) instanceof SQLException driver
        && dialect.classify(driver.getSQLState(), driver.getErrorCode()) == FailureKind.DATA;
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known != null) {
      return known;
    }
    if (prepared.size() >= MAX_PREPARED) {
      Iterator<PreparedStatement> oldest = prepared.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
    PreparedStatement statement = connection.prepareStatement(sql, Statement.NO_GENERATED_KEYS);
    prepared.put(sql, statement);
    return statement;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void closePrepared() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
  }

  /** Closes the connection, which rolls back and frees whatever is open on it. */
  void close() {
    try {
      closePrepared();
      connection.close();
    } catch (SQLException alreadyBroken) {
      LOG.debug("A connection did not close: {}", alreadyBroken.getClass().getName());
    }
  }
}
