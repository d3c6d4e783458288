package io.batchflow.r2dbc;

import io.batchflow.sql.SqlDialect;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The rows of a statement in a form of the driver's own. */
interface BinaryRows {

  /** Returns the bulk load of these rows; null where the statement must run. */
  @Nullable Mono<Long> copy(Connection connection, SqlDialect dialect);

  /** Binds every value. Returns false where the values must be bound one by one instead. */
  boolean bindTo(Statement statement);
}
