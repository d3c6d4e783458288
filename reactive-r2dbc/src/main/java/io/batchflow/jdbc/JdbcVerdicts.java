package io.batchflow.jdbc;

import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlVerdicts;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what each row of a batch did, by the statements and by queries beside them. */
final class JdbcVerdicts {

  private final PreparedStatements prepared;
  private final SqlVerdicts verdicts;

  JdbcVerdicts(PreparedStatements prepared, SqlVerdicts verdicts) {
    this.prepared = prepared;
    this.verdicts = verdicts;
  }

  /** Asks before a statement which keys the table already holds. */
  void before(SqlStatement statement) throws SQLException {
    String sql = statement.selectExisting();
    if (sql == null) {
      return;
    }
    verdicts.nothingExists(statement);
    for (int number : numbers(sql, statement)) {
      verdicts.exists(statement, number);
    }
  }

  /** Asks which keys are there, and locks their rows. Returns the statement that updates them. */
  SqlStatement present(SqlStatement statement) throws SQLException {
    String sql = statement.lockExisting();
    if (sql == null) {
      return statement;
    }
    Set<Integer> numbers = numbers(sql, statement);
    verdicts.nothingExists(statement);
    numbers.forEach(number -> verdicts.exists(statement, number));
    return statement.onlyFor(numbers);
  }

  /** Asks after a statement which keys belong to one row each. */
  void after(SqlStatement statement) throws SQLException {
    String sql = statement.selectDistinct();
    if (sql != null) {
      verdicts.distinct(statement, numbers(sql, statement));
    }
  }

  /** Asks after a statement for the values of the rows that have its keys. */
  void readBack(SqlStatement statement) throws SQLException {
    String sql = statement.selectStored();
    if (sql == null) {
      return;
    }
    PreparedStatement query = prepared.get(sql);
    statement.bindStoredTo((index, value) -> query.setObject(index + 1, value));
    Map<Integer, @Nullable Object[]> found = new HashMap<>();
    try (ResultSet result = query.executeQuery()) {
      int columns = result.getMetaData().getColumnCount() - 1;
      while (result.next()) {
        found.put(result.getInt(1), values(result, 2, columns));
      }
    }
    verdicts.readBack(statement, found);
  }

  private static @Nullable Object[] values(ResultSet row, int from, int count) throws SQLException {
    @Nullable Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      values[i] = row.getObject(from + i);
    }
    return values;
  }

  private Set<Integer> numbers(String sql, SqlStatement statement) throws SQLException {
    PreparedStatement query = prepared.get(sql);
    statement.bindKeysTo((index, value) -> query.setObject(index + 1, value));
    Set<Integer> numbers = new HashSet<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        numbers.add(result.getInt(1));
      }
    }
    return numbers;
  }

  /** Runs a statement that returns stored values. Returns the number of rows it returned. */
  long stored(PreparedStatement target, SqlStatement rows) throws SQLException {
    List<@Nullable Object[]> stored = new ArrayList<>();
    try (ResultSet result = target.executeQuery()) {
      while (result.next()) {
        stored.add(values(result, 1, rows.returned().size()));
      }
    }
    verdicts.stored(rows, stored);
    return stored.size();
  }

  /** Runs a statement that returns what each row did. Returns the number of rows it touched. */
  long run(PreparedStatement target, SqlStatement rows) throws SQLException {
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
}
