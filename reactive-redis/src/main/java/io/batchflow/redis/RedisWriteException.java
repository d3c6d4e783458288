package io.batchflow.redis;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.spi.Printable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row that could not be encoded as a command, or the failure of its command. Names tables,
 * columns and types, never a value. If Redis answered with an error, the cause has that error.
 */
public final class RedisWriteException extends RuntimeException {

  private final FailureKind kind;
  private final String table;
  private final @Nullable String column;
  private final boolean duplicateKey;

  RedisWriteException(
      FailureKind kind,
      Schema schema,
      @Nullable String column,
      String problem,
      String remedy,
      @Nullable Throwable cause) {
    this(kind, schema, column, problem, remedy, cause, false);
  }

  private RedisWriteException(
      FailureKind kind,
      Schema schema,
      @Nullable String column,
      String problem,
      String remedy,
      @Nullable Throwable cause,
      boolean duplicateKey) {
    super(
        Printable.line("Table '" + schema.table() + "': " + problem + ". " + remedy + "."),
        cause,
        true,
        false); // no stack trace: a batch may have many, and none tells anything
    this.kind = kind;
    this.table = schema.table();
    this.column = column;
    this.duplicateKey = duplicateKey;
  }

  /** Returns the rejection of a row for a bad or missing value in a column. */
  static RedisWriteException badValue(
      Schema schema, String column, String problem, String remedy, @Nullable Throwable cause) {
    return new RedisWriteException(
        FailureKind.INVALID, schema, column, "column '" + column + "' " + problem, remedy, cause);
  }

  /** Returns the rejection of a row under FAIL whose key exists. */
  static RedisWriteException conflict(Schema schema) {
    return new RedisWriteException(
        FailureKind.DATA,
        schema,
        null,
        "the key, field or member that the row creates already exists",
        "Use IGNORE, REPLACE or UPDATE if that is expected",
        null,
        true);
  }

  /** Returns whether the key, field or member of a row under FAIL already exists. */
  boolean isDuplicateKey() {
    return duplicateKey;
  }

  /** Returns what the failure means for its row. */
  public FailureKind kind() {
    return kind;
  }

  /** Returns the table that the row was for. */
  public String table() {
    return table;
  }

  /** Returns the column with the bad value, if the failure is about one column. */
  public Optional<String> column() {
    return Optional.ofNullable(column);
  }
}
