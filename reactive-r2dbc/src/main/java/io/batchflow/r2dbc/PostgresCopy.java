package io.batchflow.r2dbc;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A binary {@code COPY} on the connection of r2dbc-postgresql, the fastest way to insert. It is
 * used for plain inserts of many rows into a plain table if every value has a binary form here.
 * Other rows are written by the statement. Loaded only if r2dbc-postgresql is on the class path.
 */
final class PostgresCopy {

  /** For fewer rows, a prepared statement is as fast. */
  private static final int MIN_ROWS = 32;

  /** COPY does not work for views, and ignores rules. It is not used with row-level security. */
  private static final Set<String> TABLES = Set.of("plain", "partitioned", "triggered");

  /** Signature, flags and length of the header extension: "Binary Format" in the manual of COPY. */
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** "line 17" in the language of the server. The text after it may quote a value. */
  private static final Pattern LINE = Pattern.compile("\\D{1,20}(\\d{1,9})");

  private PostgresCopy() {}

  /** Returns the COPY of encoded rows; null if the connection does not unwrap to the driver. */
  static @Nullable Mono<Long> of(
      Connection connection, SqlDialect dialect, SqlStatement statement, ByteBuf rows) {
    PostgresqlConnection driver = driverOf(connection);
    return driver == null
        ? null
        : driver.copyIn(textOf(dialect, statement)).from(rows.duplicate()).build();
  }

  /**
   * Returns the row at which a COPY stopped, from 1; 0 if the error names none. The error of a
   * foreign key names none, as it is checked after all rows.
   */
  static int badRow(R2dbcException failure, SqlTable table) {
    return failure instanceof PostgresqlException told
        ? badRow(
            told.getErrorDetails().getWhere().orElse(""), table.path().get(table.path().size() - 1))
        : 0;
  }

  static int badRow(String where, String table) {
    String copying = "COPY " + table + ", ";
    return where
        .lines()
        .filter(line -> line.startsWith(copying))
        .map(line -> LINE.matcher(line.substring(copying.length())))
        .filter(Matcher::lookingAt)
        .mapToInt(line -> Integer.parseInt(line.group(1)))
        .findFirst()
        .orElse(0);
  }

  private static @Nullable PostgresqlConnection driverOf(Connection connection) {
    return SessionIds.raw(connection, Connection.class) instanceof PostgresqlConnection own
        ? own
        : null;
  }

  /**
   * A COPY ignores rules, overwrites identities that are GENERATED ALWAYS, and reads bytes by the
   * current types of the columns. So the plain insert is prepared first, in the same transaction
   * and message. That fails if the types have changed, if an identity is set, and, by the conflict
   * clause, if there are rules. Its lock keeps the table as it is.
   */
  private static String textOf(SqlDialect dialect, SqlStatement statement) {
    String table =
        statement.table().path().stream().map(dialect::quote).collect(Collectors.joining("."));
    String columns =
        statement.columns().stream()
            .map(column -> dialect.quote(column.name()))
            .collect(Collectors.joining(", "));
    return "PREPARE batchflow_insert AS "
        + statement.sql()
        + " ON CONFLICT DO NOTHING; DEALLOCATE batchflow_insert; COPY "
        + table
        + " ("
        + columns
        + ") FROM STDIN (FORMAT binary)";
  }

  /**
   * Returns the rows of a statement in the format of COPY; null if the statement has to run
   * instead. The buffer is on the heap, so that one that is never sent needs no release.
   */
  static @Nullable ByteBuf encode(SqlStatement statement) {
    boolean suits =
        statement.rows() >= MIN_ROWS
            && statement.table().schema().onConflict() == ConflictStrategy.FAIL
            && statement.returned().isEmpty()
            && TABLES.contains(statement.table().kind());
    return suits ? encodeAll(statement) : null;
  }

  private static @Nullable ByteBuf encodeAll(SqlStatement statement) {
    List<SqlColumn> columns = statement.columns();
    List<PostgresType> types =
        columns.stream().map(PostgresType::of).filter(Objects::nonNull).toList();
    if (types.size() < columns.size()) {
      return null;
    }
    ByteBuf rows = Unpooled.buffer(HEADER.length + statement.rows() * columns.size() * 16);
    rows.writeBytes(HEADER);
    for (int row = 0; row < statement.rows(); row++) {
      rows.writeShort(types.size());
      for (int column = 0; column < types.size(); column++) {
        if (!types.get(column).write(rows, statement.value(row, column))) {
          return null;
        }
      }
    }
    return rows.writeShort(-1);
  }
}
