package io.batchflow.benchmarks;

import io.batchflow.message.Message;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.batchflow.testservers.TestServer;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Commit rows, each with a message, one after the other for each key. A transaction whose end is
 * unknown is tried again, and finds its own row if it was committed.
 */
final class OutboxWriters implements AutoCloseable {

  private static final int WRITERS = 4;
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final byte[] PAYLOAD = new byte[100];

  private final ConnectionPool pool;
  private final R2dbcOutbox outbox;
  private final Sinks.Empty<Void> stopped = Sinks.empty();
  private volatile boolean stopping;
  private Disposable running = () -> {};

  OutboxWriters(TestServer server) {
    this.pool = R2dbcLoop.pool(PostgresContests.factory(server), WRITERS);
    this.outbox = R2dbcOutbox.create(pool);
  }

  void start() {
    running =
        Flux.range(0, WRITERS)
            .flatMap(this::write, WRITERS)
            .subscribe(none -> {}, stopped::tryEmitError, stopped::tryEmitEmpty);
  }

  private Mono<Void> write(int writer) {
    return Flux.range(0, Integer.MAX_VALUE)
        .takeWhile(number -> !stopping)
        .concatMap(number -> committed(writer, number).then(Mono.delay(PAUSE)), 1)
        .then();
  }

  private Mono<Void> committed(int writer, int number) {
    return Mono.defer(() -> transaction("key " + writer, writer + "-" + number))
        .timeout(Duration.ofSeconds(10))
        .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(50)));
  }

  private Mono<Void> transaction(String key, String id) {
    Message message = Message.builder("written", PAYLOAD).id(id).key(key).build();
    return Mono.usingWhen(
            pool.create(),
            connection ->
                Mono.from(connection.beginTransaction())
                    .then(insert(connection, id))
                    .filter(rows -> rows == 1)
                    .flatMap(isNew -> outbox.append(connection, List.of(message)))
                    .then(Mono.defer(() -> Mono.from(connection.commitTransaction()))),
            Connection::close,
            (connection, failure) -> undo(connection),
            OutboxWriters::undo)
        .doOnSuccess(done -> outbox.committed());
  }

  private static Mono<Long> insert(Connection connection, String id) {
    return Flux.from(
            connection
                .createStatement("INSERT INTO committed VALUES ($1) ON CONFLICT DO NOTHING")
                .bind(0, id)
                .execute())
        .flatMap(result -> result.getRowsUpdated())
        .reduce(0L, Long::sum);
  }

  private static Mono<Void> undo(Connection connection) {
    return Mono.from(connection.rollbackTransaction())
        .onErrorComplete()
        .then(Mono.from(connection.close()));
  }

  /** Ends after the transactions in progress. */
  @Override
  public void close() {
    stopping = true;
    stopped.asMono().block(PATIENCE);
    running.dispose();
    pool.disposeLater().block(PATIENCE);
  }
}
