package io.batchflow.r2dbc;

import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.netty.buffer.ByteBuf;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The rows of a statement in the binary format of PostgreSQL: for a COPY, or as arrays. */
final class PostgresRows implements BinaryRows {

  private final PostgresArrays arrays;
  private final SqlStatement rows;
  private final @Nullable ByteBuf copied;
  private final @Nullable List<@Nullable PostgresArray> bound;

  private PostgresRows(
      PostgresArrays arrays,
      SqlStatement rows,
      @Nullable ByteBuf copied,
      @Nullable List<@Nullable PostgresArray> bound) {
    this.arrays = arrays;
    this.rows = rows;
    this.copied = copied;
    this.bound = bound;
  }

  /** Encodes the rows. Returns null if they have to be sent as text. */
  static @Nullable PostgresRows of(PostgresArrays arrays, SqlStatement rows) {
    ByteBuf copied = PostgresCopy.encode(rows);
    List<@Nullable PostgresArray> bound = copied == null ? arrays.encode(rows) : null;
    return copied == null && bound == null ? null : new PostgresRows(arrays, rows, copied, bound);
  }

  @Override
  public @Nullable Mono<Long> copy(Connection connection, SqlDialect dialect) {
    return copied == null ? null : PostgresCopy.of(connection, dialect, rows, copied);
  }

  @Override
  public boolean bindTo(Statement statement) {
    List<@Nullable PostgresArray> values = bound != null ? bound : arrays.encode(rows);
    return values != null && arrays.bind(statement, values, rows);
  }
}
