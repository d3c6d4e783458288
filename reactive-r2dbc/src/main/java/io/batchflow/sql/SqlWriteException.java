package io.batchflow.sql;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.spi.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure that the writer detects, rather than the database: a table that does not fit, a value
 * that cannot be encoded, no connection. {@link #kind} says whether anything may have been applied.
 * Names tables, columns and types, never a value.
 */
public final class SqlWriteException extends RuntimeException {

  private final FailureKind kind;
  private final String table;
  private final List<String> mismatches;

  /**
   * Creates the exception.
   *
   * @param kind what the failure means for the batch
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
   * Returns the failure to open a connection. Nothing was sent, so the batch is retried, unless the
   * failure lasts.
   *
   * @param lasts whether no retry can help, as {@link SqlDialect#refusesConnection} tells
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
            "no connection could be opened",
            "The cause has the driver's reason",
            cause);
  }

  /**
   * Returns the rejection of a connection that is within a transaction. Only the code that began
   * the transaction may end it. Nothing was written.
   */
  public static SqlWriteException inTransaction(Schema schema, @Nullable Throwable cause) {
    return new SqlWriteException(
        FailureKind.UNUSABLE,
        schema,
        "the connection from the pool or factory is within a transaction",
        "Commit or roll back before the connection is returned to the pool, or give the writer"
            + " other connections, in auto-commit mode",
        cause);
  }

  /**
   * Returns the rejection of a caller's connection that is within no transaction: each statement
   * would be committed by itself. Nothing was written.
   */
  public static SqlWriteException notInTransaction(Schema schema) {
    return new SqlWriteException(
        FailureKind.UNUSABLE,
        schema,
        "the caller's connection is within no transaction",
        "Begin one before you write and commit it afterwards, or submit the rows to a BatchFlow",
        null);
  }

  /**
   * Returns the failure of a batch whose prepared statement the session no longer has. Nothing was
   * applied, and no row is to blame. It happens again as long as sessions are shared.
   */
  public static SqlWriteException statementLost(Schema schema, Throwable cause) {
    return new SqlWriteException(
        FailureKind.UNUSABLE,
        schema,
        "the session no longer has a prepared statement, as behind a pooler that shares sessions,"
            + " such as pgbouncer in transaction mode",
        "Turn off named statements: preparedStatementCacheQueries=0 for r2dbc-postgresql,"
            + " prepareThreshold=0 for the JDBC driver of PostgreSQL; or let the pooler keep"
            + " sessions",
        cause);
  }

  /**
   * Returns the failure of a statement with the code of a lost session whose session is still
   * alive, as a trigger may raise any code. Nothing was applied.
   */
  public static SqlWriteException onLiveSession(Schema schema, Throwable cause) {
    return new SqlWriteException(
        FailureKind.CONTENTION,
        schema,
        "a statement failed with the code of a lost session, but the session is alive",
        "The cause has the database's reason",
        cause);
  }

  /**
   * Returns the failure of a batch of which some rows may be stored nevertheless.
   *
   * @param why the result of {@link SqlDialect#remainsQuery()}
   */
  public static SqlWriteException remains(Schema schema, String why, Throwable cause) {
    return new SqlWriteException(
        FailureKind.UNKNOWN,
        schema,
        why + ", so rows of a batch that failed may be stored",
        "Give the table an engine with transactions: ALTER TABLE ... ENGINE = InnoDB",
        cause);
  }

  /** Returns the failure of a batch that was not sent before its deadline. */
  public static SqlWriteException notSent(Schema schema, @Nullable Throwable cause) {
    return new SqlWriteException(
        FailureKind.TRANSIENT,
        schema,
        "nothing of the batch was sent, as it got no working connection in time",
        "Check the pool and the server, raise the flow's writeTimeout, or lower its concurrency",
        cause);
  }

  /** Returns what the failure means for the batch. */
  public FailureKind kind() {
    return kind;
  }

  /** Returns all differences between the table and the Schema; empty if they are not the cause. */
  public List<String> mismatches() {
    return mismatches;
  }

  /** Returns the table that the batch was for. */
  public String table() {
    return table;
  }
}
