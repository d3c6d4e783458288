package io.batchflow.r2dbc;

import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/** How several statements become one work on a connection, and how one is only tried. */
interface TransactionScope {

  /** Runs work of several statements. If it fails, nothing of it is applied. */
  <T> Mono<T> atomically(Mono<T> work);

  /** Runs work that does not fail, and undoes what it did. */
  <T> Mono<T> undone(Mono<T> work);

  /** Returns the scope of a connection in no transaction: each work gets its own. */
  static TransactionScope own(Connection connection) {
    return new TransactionScope() {
      @Override
      public <T> Mono<T> atomically(Mono<T> work) {
        return Requests.atomically(connection, work);
      }

      @Override
      public <T> Mono<T> undone(Mono<T> work) {
        return Mono.from(connection.beginTransaction())
            .then(work)
            .flatMap(result -> Mono.from(connection.rollbackTransaction()).thenReturn(result));
      }
    };
  }

  /** Returns the scope of a transaction that is rolled back as a whole if any work fails. */
  static TransactionScope whole(Connection connection) {
    TransactionScope savepoints = callers(connection);
    return new TransactionScope() {
      @Override
      public <T> Mono<T> atomically(Mono<T> work) {
        return work;
      }

      @Override
      public <T> Mono<T> undone(Mono<T> work) {
        return savepoints.undone(work);
      }
    };
  }

  /** Returns the scope of a connection in the caller's transaction: works are savepoints. */
  static TransactionScope callers(Connection connection) {
    AtomicInteger savepoints = new AtomicInteger();
    return new TransactionScope() {
      @Override
      public <T> Mono<T> atomically(Mono<T> work) {
        return within(
            (savepoint, back) ->
                Requests.orUndo(
                    work.flatMap(
                        result ->
                            Mono.from(connection.releaseSavepoint(savepoint)).thenReturn(result)),
                    back));
      }

      @Override
      public <T> Mono<T> undone(Mono<T> work) {
        return within((savepoint, back) -> work.flatMap(result -> back.thenReturn(result)));
      }

      /** Each savepoint has its own name: MySQL forgets an earlier one of the same name. */
      private <T> Mono<T> within(BiFunction<String, Mono<Void>, Mono<T>> work) {
        return Mono.defer(
            () -> {
              String savepoint = "batchflow_" + savepoints.incrementAndGet();
              Mono<Void> back =
                  Mono.defer(
                      () ->
                          Mono.from(connection.rollbackTransactionToSavepoint(savepoint))
                              .then(Mono.from(connection.releaseSavepoint(savepoint))));
              return Mono.from(connection.createSavepoint(savepoint))
                  .then(work.apply(savepoint, back));
            });
      }
    };
  }
}
