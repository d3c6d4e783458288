package io.batchflow.backup;

import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The database of backups. Thread-safe. */
final class Database {

  private final SqlDialect dialect;
  private final BackupSql sql;
  private final Requests requests;
  private final ShapeLookup lookup;

  Database(ConnectionFactory factory) {
    this.dialect = Dialects.of(factory.getMetadata().getName());
    this.sql = BackupSql.of(dialect.product());
    this.requests = Requests.to(factory);
    this.lookup = new ShapeLookup(dialect, sql);
  }

  String product() {
    return dialect.product();
  }

  BackupSql sql() {
    return sql;
  }

  Mono<Shape> shape(String table) {
    return requests.send(connection -> lookup.find(connection, table));
  }

  TableExport export(Shape shape) {
    return new TableExport(shape, sql.placeholder());
  }

  /** Sends queries, each committed at once. */
  <T> Mono<T> send(Function<Connection, Mono<T>> request) {
    return requests.send(request);
  }

  /** Runs work that has a result in a transaction, in which texts are the same everywhere. */
  <T> Mono<T> formatted(Function<Connection, Mono<T>> work) {
    return requests.send(
        connection -> sql.formatted(connection, Mono.defer(() -> work.apply(connection))));
  }
}
