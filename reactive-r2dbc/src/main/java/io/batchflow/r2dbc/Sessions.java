package io.batchflow.r2dbc;

import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Opens sessions on the connections of a writer, and releases the connections. */
final class Sessions {

  private final Connections connections;
  private final SqlDialect dialect;
  private final R2dbcDriver driver;
  private final R2dbcFailures failures;

  Sessions(
      Connections connections, SqlDialect dialect, R2dbcDriver driver, R2dbcFailures failures) {
    this.connections = connections;
    this.dialect = dialect;
    this.driver = driver;
    this.failures = failures;
  }

  Mono<Connection> acquire(Schema schema) {
    return connections.acquire().onErrorMap(failure -> failures.notConnected(schema, failure));
  }

  R2dbcSession on(Connection connection) {
    return new R2dbcSession(connection, dialect, driver, TransactionScope.own(connection));
  }

  /** Returns a session whose statements are parts of one transaction. */
  R2dbcSession within(Connection connection) {
    return new R2dbcSession(connection, dialect, driver, TransactionScope.whole(connection));
  }

  /** Reads a table from the catalog. */
  Mono<SqlTable> table(Schema schema) {
    return query(schema, session -> session.table(schema));
  }

  /** Reads the columns of the tables with the name of that of a schema. */
  Mono<List<CatalogRow>> columns(Schema schema) {
    return query(schema, session -> session.columns(schema));
  }

  /** Subscribed separately: a cancelled query would go on while its connection is in the pool. */
  private <T> Mono<T> query(Schema schema, Function<R2dbcSession, Mono<T>> query) {
    return Mono.create(
        sink ->
            use(schema, acquire(schema), connection -> query.apply(on(connection)))
                .contextWrite(sink.contextView())
                .subscribe(sink::success, sink::error, sink::success));
  }

  /** Uses a connection that is in no transaction, and releases it. */
  <T> Mono<T> use(Schema schema, Mono<Connection> acquired, Function<Connection, Mono<T>> work) {
    return Mono.usingWhen(
        acquired,
        connection ->
            connection.isAutoCommit()
                ? work.apply(connection)
                    .onErrorMap(
                        failures::isStatementLost,
                        failure -> SqlWriteException.statementLost(schema, failure))
                : Mono.error(SqlWriteException.inTransaction(schema, null)),
        Sessions::release);
  }

  /** Ignores failures, as what was written stays written. */
  private static Mono<Void> release(Connection connection) {
    return Mono.from(connection.close()).onErrorComplete();
  }
}
