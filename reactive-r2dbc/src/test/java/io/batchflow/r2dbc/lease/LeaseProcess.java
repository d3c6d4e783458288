package io.batchflow.r2dbc.lease;

import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseLostException;
import io.batchflow.lease.LeaseState;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A competitor in a JVM of its own, which works with its token until it is refused. */
final class LeaseProcess {

  static final Duration TTL = Duration.ofMillis(1_500);

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
    new LeaseProcess(ConnectionFactories.get(arguments[0]), arguments[1]).compete();
    while (System.in.read() >= 0) {
      // Ends with the test.
    }
    Runtime.getRuntime().halt(0);
  }

  private void compete() {
    Lease.builder(store, "work")
        .ttl(TTL)
        .skew(Duration.ofMillis(300))
        .holder(String.valueOf(ProcessHandle.current().pid()))
        .build()
        .states()
        .filter(LeaseState::isHeld)
        .doOnNext(state -> System.out.println("held " + state.token()))
        .flatMap(state -> workUntilRefused(state.token()))
        .subscribe();
  }

  /** Goes on although the lease may be lost, as a process does that was stopped. */
  private Mono<Void> workUntilRefused(long token) {
    AtomicBoolean first = new AtomicBoolean(true);
    return work(token)
        .doOnSuccess(
            accepted -> {
              if (first.getAndSet(false)) {
                System.out.println("wrote " + token);
              }
            })
        .retryWhen(
            Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(20))
                .filter(failure -> !(failure instanceof LeaseLostException)))
        .repeatWhen(done -> done.delayElements(Duration.ofMillis(30)))
        .then()
        .onErrorResume(
            LeaseLostException.class,
            refused -> Mono.fromRunnable(() -> System.out.println("refused " + token)));
  }

  private Mono<Void> work(long token) {
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
        Connection::close);
  }

  private static Mono<Void> run(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }
}
