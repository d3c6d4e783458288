package io.batchflow.sql;

import io.batchflow.FailureKind;
import io.batchflow.Row;
import java.util.List;

/** Limits statements to the most bytes that a session takes. */
final class PacketLimit {

  /** The bytes of a statement apart from its values and the names in it. */
  private static final int OVERHEAD = 4_096;

  /** The bytes around a row of an update: {@code " UNION ALL SELECT 1234, "}. */
  private static final int UPDATE = 24;

  private final SqlDialect dialect;
  private final SqlTable table;
  private final long most;

  PacketLimit(SqlDialect dialect, SqlTable table, List<SqlColumn> present) {
    this.dialect = dialect;
    this.table = table;
    // A statement has a name at most four times, in quotes, in UTF-8.
    long names =
        present.stream().mapToLong(column -> 4L * (3L * column.name().length() + 16)).sum();
    this.most = table.maxStatementBytes() - OVERHEAD - names;
  }

  /**
   * Returns how many rows fit into a statement.
   *
   * @param from the first of the rows
   * @throws SqlWriteException if the first row alone does not fit: the server would close the
   *     connection
   */
  int fitting(RowGroup group, int from, int atMost) {
    if (table.maxStatementBytes() == Long.MAX_VALUE) {
      return atMost;
    }
    long bytes = 0;
    for (int count = 0; count < atMost; count++) {
      bytes += bytesOf(group, group.rows.get(from + count));
      if (bytes > most && count == 0) {
        throw tooLarge();
      }
      if (bytes > most) {
        return count;
      }
    }
    return atMost;
  }

  private long bytesOf(RowGroup group, Row row) {
    long bytes = row.schema().isUpdateOnly() ? UPDATE : 0;
    for (int position : group.positions) {
      Object value = row.value(position);
      bytes += 4 + (value == null ? 4 : bytesOf(value));
    }
    return bytes;
  }

  /** A value that fails here is rejected later, when it is encoded, with its row. */
  private long bytesOf(Object value) {
    try {
      return dialect.literalBytes(value);
    } catch (RuntimeException rejected) {
      return 0;
    }
  }

  private SqlWriteException tooLarge() {
    return new SqlWriteException(
        FailureKind.INVALID,
        table.schema(),
        "a row may take more than a statement's "
            + table.maxStatementBytes()
            + " bytes (max_allowed_packet)",
        "Raise the server's limit, or store large values elsewhere",
        null);
  }
}
