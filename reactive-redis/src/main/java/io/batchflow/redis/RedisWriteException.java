package io.batchflow.redis;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.spi.Printable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a row did not become a command, or what became of its command. Names tables, columns and
 * types, never a value; where Redis answered, the cause has its own words.
 */
public final class RedisWriteException extends RuntimeException {

  private final FailureKind kind;
  private final String table;
  private final @Nullable String column;

  RedisWriteException(
      FailureKind kind,
      Schema schema,
      @Nullable String column,
      String problem,
      String remedy,
      @Nullable Throwable cause) {
    super(
        Printable.line("Table '" + schema.table() + "': " + problem + ". " + remedy + "."),
        cause,
        true,
        false); // one of many of its batch, made by no code of the caller's
    this.kind = kind;
    this.table = schema.table();
    this.column = column;
  }

  /** Returns the rejection of a row for the value that it has, or lacks, in a column. */
  static RedisWriteException badValue(
      Schema schema, String column, String problem, String remedy, @Nullable Throwable cause) {
    return new RedisWriteException(
        FailureKind.DATA, schema, column, "column '" + column + "' " + problem, remedy, cause);
  }

  /** Returns the rejection of a row whose key is there already, under FAIL. */
  static RedisWriteException conflict(Schema schema) {
    return new RedisWriteException(
        FailureKind.DATA,
        schema,
        null,
        "what the row was to create is there already",
        "Use IGNORE, REPLACE or UPDATE if that is meant to happen",
        null);
  }

  /** Returns what the failure means for its row. */
  public FailureKind kind() {
    return kind;
  }

  /** Returns the table that the row was for. */
  public String table() {
    return table;
  }

  /** Returns the column at fault, where it is one column. */
  public Optional<String> column() {
    return Optional.ofNullable(column);
  }
}
