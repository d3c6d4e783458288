package io.batchflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Request} that does not fit its {@link Schema}: an unknown column, a required column left
 * unset, no request at all. Only that request is refused, before it is admitted.
 */
public final class InvalidRequestException extends BatchFlowException {

  private final String table;
  private final @Nullable String column;

  InvalidRequestException(String table, @Nullable String column, String problem, String remedy) {
    super("Request for table '" + table + "': " + problem + ". " + remedy + ".", null, true);
    this.table = table;
    this.column = column;
  }

  /** Returns the table that the request was for, or {@code "?"} where there was no request. */
  public String table() {
    return table;
  }

  /** Returns the column at fault, where it is one column. */
  public Optional<String> column() {
    return Optional.ofNullable(column);
  }
}
