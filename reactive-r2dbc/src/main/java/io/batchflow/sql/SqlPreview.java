package io.batchflow.sql;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.Row;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statements that rows would become. They are not run. Only {@link #values(int)} shows values.
 * Immutable.
 */
public final class SqlPreview {

  /**
   * A statement of a preview.
   *
   * @param sql the text
   * @param fingerprint 16 hexadecimal digits, the same for all statements that differ only in their
   *     number of rows
   * @param rows the number of rows that it stores
   * @param parameters the number of parameters
   */
  public record Statement(String sql, String fingerprint, int rows, int parameters) {}

  private final List<SqlStatement> statements;
  private final List<Statement> shown;
  private final int rows;
  private final int merged;

  private SqlPreview(List<SqlStatement> statements, List<Statement> shown, int rows, int merged) {
    this.statements = statements;
    this.shown = shown;
    this.rows = rows;
    this.merged = merged;
  }

  /**
   * Returns the preview of rows that are written as one batch.
   *
   * @param rows the rows, in the order of their submission
   * @param size as for {@link SqlStatement#of}
   */
  public static SqlPreview of(
      SqlDialect dialect, SqlTable table, List<Row> rows, IntUnaryOperator size) {
    Batch batch = Batch.of(rows, table.keys(dialect));
    List<SqlStatement> statements = SqlStatement.of(dialect, table, batch, size);
    List<Statement> shown =
        statements.stream()
            .map(
                statement ->
                    new Statement(
                        statement.sql(),
                        fingerprint(textOfOneRow(dialect, table, statement)),
                        statement.rows(),
                        valuesOf(statement).size()))
            .toList();
    return new SqlPreview(statements, shown, batch.size(), rows.size() - batch.size());
  }

  private static String textOfOneRow(SqlDialect dialect, SqlTable table, SqlStatement statement) {
    if (statement.isDelete()) {
      return dialect.delete(table, statement.columns(), 1);
    }
    return statement.isUpdateOnly()
        ? dialect.update(table, statement.columns(), 1)
        : dialect.insert(table, statement.columns(), 1);
  }

  private static String fingerprint(String sql) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  private static List<@Nullable Object> valuesOf(SqlStatement statement) {
    List<@Nullable Object> values = new ArrayList<>();
    try {
      statement.bindTo((index, value) -> values.add(value));
    } catch (BadRowException named) {
      throw (SqlWriteException) BadRowException.causeOf(named);
    }
    return values;
  }

  /** Returns the statements, in the order in which they would run. */
  public List<Statement> statements() {
    return shown;
  }

  /** Returns the number of rows of the batch, after merging. */
  public int rows() {
    return rows;
  }

  /** Returns the number of rows that were merged into others. */
  public int merged() {
    return merged;
  }

  /**
   * Returns the values that a statement would bind, as the driver would get them.
   *
   * @param statement its index in {@link #statements()}
   */
  public List<@Nullable Object> values(int statement) {
    return valuesOf(statements.get(statement));
  }

  /** Returns the texts, one a line, without values. */
  @Override
  public String toString() {
    return shown.stream().map(Statement::sql).collect(Collectors.joining("\n"));
  }
}
