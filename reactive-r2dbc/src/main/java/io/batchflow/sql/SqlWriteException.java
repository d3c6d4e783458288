package io.batchflow.sql;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.spi.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a SQL writer found wrong before the database could: no such table, a value of a type that
 * the driver cannot take, no connection. Nothing was applied. Names tables, columns and types,
 * never a value.
 */
public final class SqlWriteException extends RuntimeException {

  private final FailureKind kind;
  private final String table;
  private final List<String> mismatches;

  /**
   * Creates the exception.
   *
   * @param kind what it means for the batch
   * @param problem what is wrong
   * @param remedy what to change
   */
  public SqlWriteException(
      FailureKind kind, Schema schema, String problem, String remedy, @Nullable Throwable cause) {
    super(message(schema, problem, remedy), cause);
    this.kind = kind;
    this.table = schema.table();
    this.mismatches = List.of();
  }

  SqlWriteException(FailureKind kind, Schema schema, List<String> mismatches, String remedy) {
    super(message(schema, String.join("; ", mismatches), remedy));
    this.kind = kind;
    this.table = schema.table();
    this.mismatches = List.copyOf(mismatches);
  }

  private static String message(Schema schema, String problem, String remedy) {
    return Printable.line("Table '" + schema.table() + "': " + problem + ". " + remedy + ".");
  }

  /**
   * Returns the failure to get a connection: nothing was sent, so it is tried again, whatever the
   * driver calls it, unless it lasts.
   *
   * @param lasts whether no later try will help, as {@link SqlDialect#refusesConnection} tells
   */
  public static SqlWriteException notConnected(Schema schema, boolean lasts, Throwable cause) {
    return lasts
        ? new SqlWriteException(
            FailureKind.UNUSABLE,
            schema,
            "the database refuses the connection",
            "Correct the address, the user, the password or the name of the database that the"
                + " writer connects with. The cause has the database's reason",
            cause)
        : new SqlWriteException(
            FailureKind.TRANSIENT,
            schema,
            "no connection could be had",
            "The cause has the driver's reason",
            cause);
  }

  /**
   * Returns the refusal of a connection that is within a transaction: to commit or to roll back is
   * for those who began it, and nothing is written.
   */
  public static SqlWriteException inTransaction(Schema schema, @Nullable Throwable cause) {
    return new SqlWriteException(
        FailureKind.UNUSABLE,
        schema,
        "the connection that was handed out is within a transaction",
        "Commit or roll back before it is handed out, or give the writer connections of its own, in"
            + " auto-commit mode",
        cause);
  }

  /**
   * Returns what a batch failed with whose prepared statement is not the session's any more:
   * nothing was applied, no row is to blame, and as long as sessions are shared it happens again.
   */
  public static SqlWriteException statementLost(Schema schema, Throwable cause) {
    return new SqlWriteException(
        FailureKind.UNUSABLE,
        schema,
        "a prepared statement is not the session's any more, as behind a pooler that shares"
            + " sessions, such as pgbouncer in transaction mode",
        "Have the driver name no statements: preparedStatementCacheQueries=0 for r2dbc-postgresql,"
            + " prepareThreshold=0 for PostgreSQL's JDBC driver; or have the pooler keep sessions",
        cause);
  }

  /**
   * Returns what a statement failed with that has the code of a lost session while its session goes
   * on, as a trigger may signal any code: nothing was applied.
   */
  public static SqlWriteException onLiveSession(Schema schema, Throwable cause) {
    return new SqlWriteException(
        FailureKind.CONTENTION,
        schema,
        "a statement failed with the code of a lost session, and the session goes on",
        "The cause has the database's reason",
        cause);
  }

  /**
   * Returns what a batch failed with of which some rows may be stored all the same.
   *
   * @param why as {@link SqlDialect#remainsQuery()} told
   */
  public static SqlWriteException remains(Schema schema, String why, Throwable cause) {
    return new SqlWriteException(
        FailureKind.UNKNOWN,
        schema,
        why + ", so rows of a batch that failed may be stored",
        "Give the table an engine with transactions: ALTER TABLE ... ENGINE = InnoDB",
        cause);
  }

  /** Returns the failure of a batch of which nothing was sent, as its deadline came first. */
  public static SqlWriteException notSent(Schema schema, @Nullable Throwable cause) {
    return new SqlWriteException(
        FailureKind.TRANSIENT,
        schema,
        "nothing of the batch was sent, as it had no sound connection in time",
        "Look at the pool and the server, raise the flow's writeTimeout, or lower its concurrency",
        cause);
  }

  /** Returns what the failure means for the batch. */
  public FailureKind kind() {
    return kind;
  }

  /** Returns every way in which the table and the Schema differ; empty if that is not the cause. */
  public List<String> mismatches() {
    return mismatches;
  }

  /** Returns the table that the batch was for. */
  public String table() {
    return table;
  }
}
