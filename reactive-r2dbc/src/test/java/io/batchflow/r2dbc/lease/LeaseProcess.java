package io.batchflow.r2dbc.lease;

import io.batchflow.lease.LeaseLostException;
import io.batchflow.testservers.LeaseWork;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.io.IOException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A competitor in a JVM of its own, which inserts rows with its token. */
final class LeaseProcess {

  private final ConnectionFactory factory;
  private final R2dbcLeaseStore store;

  /** Bounds how long a process that is stopped within its transaction blocks the next holder. */
  private final String bound;

  private LeaseProcess(ConnectionFactory factory, String bound) {
    this.factory = factory;
    this.store = R2dbcLeaseStore.create(factory);
    this.bound = bound;
  }

  /** Takes the URL of the database, and the statement that bounds idle transactions. */
  public static void main(String[] arguments) throws IOException {
    LeaseProcess process = new LeaseProcess(ConnectionFactories.get(arguments[0]), arguments[1]);
    LeaseWork.compete(process.store, "work", process::work);
  }

  private Mono<Boolean> work(long token) {
    String insert =
        "INSERT INTO accepted (process, token) VALUES ("
            + ProcessHandle.current().pid()
            + ", "
            + token
            + ")";
    return Mono.usingWhen(
            factory.create(),
            connection ->
                run(connection, bound)
                    .then(Mono.defer(() -> Mono.from(connection.beginTransaction())))
                    .then(Mono.defer(() -> store.fence(connection, "work", token)))
                    .then(Mono.defer(() -> run(connection, insert)))
                    .then(Mono.defer(() -> Mono.from(connection.commitTransaction()))),
            Connection::close,
            (connection, failure) -> Mono.from(connection.close()).onErrorComplete(),
            Connection::close)
        .thenReturn(true)
        .onErrorReturn(LeaseLostException.class, false);
  }

  private static Mono<Void> run(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }
}
