package io.batchflow.r2dbc.request;

import io.batchflow.sql.Placeholder;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Sends requests to a database, each on a connection of its own and committed at once. Never blocks
 * the thread that subscribes, although the driver of H2 does. Thread-safe. The factory stays the
 * caller's.
 */
public final class Requests {

  private final ConnectionFactory factory;
  private final boolean blocks;

  private Requests(ConnectionFactory factory, boolean blocks) {
    this.factory = factory;
    this.blocks = blocks;
  }

  /** Returns the requests to a database. */
  public static Requests to(ConnectionFactory factory) {
    String product = Dialects.of(factory.getMetadata().getName()).product();
    return new Requests(factory, product.equals("H2"));
  }

  /** Sends a request. */
  public <T> Mono<T> send(Function<Connection, Mono<T>> request) {
    Mono<T> sent =
        Mono.usingWhen(
            factory.create(),
            connection ->
                Mono.from(connection.setAutoCommit(true))
                    .then(Mono.defer(() -> request.apply(connection))),
            Connection::close);
    return unblocked(sent);
  }

  /** Moves work with the driver to a thread that it may block, if it blocks. */
  <T> Mono<T> unblocked(Mono<T> work) {
    return blocks ? work.subscribeOn(Schedulers.boundedElastic()) : work;
  }

  /** Sends a statement. */
  public Mono<Long> send(String sql, Object... values) {
    return send(connection -> changed(bound(connection, sql, values)));
  }

  /** Returns a statement with its values. */
  public static Statement bound(Connection connection, String sql, Object... values) {
    Statement statement = connection.createStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.bind(i, values[i]);
    }
    return statement;
  }

  /** Executes a statement and returns how many rows it changed. */
  public static Mono<Long> changed(Statement statement) {
    return Flux.from(statement.execute()).flatMap(Result::getRowsUpdated).reduce(0L, Long::sum);
  }

  /** Executes a statement and returns its only row, if it has one. */
  public static <T> Mono<T> first(
      Statement statement, Function<? super Readable, ? extends T> read) {
    return Flux.from(statement.execute()).flatMap(result -> result.<T>map(read)).singleOrEmpty();
  }

  /** Runs work that has a result in a transaction. If it fails, nothing of it is applied. */
  public static <T> Mono<T> atomically(Connection connection, Mono<T> work) {
    return atomically(connection, Mono.from(connection.beginTransaction()), work);
  }

  /** Runs work that has a result in a transaction that begins in its own way. */
  public static <T> Mono<T> atomically(Connection connection, Mono<Void> begin, Mono<T> work) {
    return orUndo(
        begin
            .then(work)
            .flatMap(result -> Mono.from(connection.commitTransaction()).thenReturn(result)),
        Mono.defer(() -> Mono.from(connection.rollbackTransaction())));
  }

  /** Undoes work if it fails. A failure of that is suppressed by the one of the work. */
  public static <T> Mono<T> orUndo(Mono<T> work, Mono<Void> undo) {
    return work.onErrorResume(
        failure ->
            undo.doOnError(failure::addSuppressed).onErrorComplete().then(Mono.error(failure)));
  }

  /** Returns a statement, written with question marks, as the driver of a database spells it. */
  public static String spelled(String sql, Placeholder placeholder) {
    String spelled = sql;
    for (int i = 0; placeholder == Placeholder.NUMBERED && spelled.contains("?"); i++) {
      spelled = spelled.replaceFirst("\\?", "\\" + placeholder.at(i));
    }
    return spelled;
  }
}
