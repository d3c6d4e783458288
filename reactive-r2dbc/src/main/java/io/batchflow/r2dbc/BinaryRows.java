package io.batchflow.r2dbc;

import io.batchflow.sql.SqlDialect;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The rows of a statement in a binary form that the driver takes. */
interface BinaryRows {

  /** Returns the bulk load of the rows; null if the statement has to run instead. */
  @Nullable Mono<Long> copy(Connection connection, SqlDialect dialect);

  /** Binds every value. Returns false if the values have to be bound one by one instead. */
  boolean bindTo(Statement statement);
}
