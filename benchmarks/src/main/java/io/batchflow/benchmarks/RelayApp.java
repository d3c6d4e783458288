package io.batchflow.benchmarks;

import io.batchflow.message.Message;
import io.batchflow.message.PublishResult;
import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.batchflow.r2dbc.outbox.OutboxRelay;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The program that {@link RelaysRun} kills and stops. Publishes the messages of an outbox into the
 * table {@code delivered}, and handles each once, in the table {@code handled}.
 */
final class RelayApp {

  private static final int CONNECTIONS = 8;
  private static final String DELIVER =
      "INSERT INTO delivered (id, message_key) SELECT id, message_key"
          + " FROM unnest($1, $2) WITH ORDINALITY AS given (id, message_key, nr) ORDER BY nr";
  private static final String HANDLE = "INSERT INTO handled (id) SELECT unnest($1)";

  private final ConnectionPool pool;
  private final R2dbcInbox inbox;

  private RelayApp(ConnectionPool pool) {
    this.pool = pool;
    this.inbox = R2dbcInbox.create(pool, "relays");
  }

  /**
   * Runs until it is killed.
   *
   * @param args the URL of the database, the name of the holder, the size of batches, and how long
   *     a lease is held, in milliseconds
   */
  public static void main(String[] args) throws InterruptedException {
    ConnectionPool pool = R2dbcLoop.pool(ConnectionFactories.get(args[0]), CONNECTIONS);
    RelayApp app = new RelayApp(pool);
    OutboxRelay relay =
        R2dbcOutbox.create(pool)
            .relay(app::publish)
            .batchSize(Integer.parseInt(args[2]))
            .publishTimeout(Duration.ofSeconds(10))
            .lease(
                lease ->
                    lease
                        .holder(args[1])
                        .ttl(Duration.ofMillis(Long.parseLong(args[3])))
                        .skew(Duration.ofMillis(Long.parseLong(args[3]) / 6)))
            .build();
    relay.start();
    Thread.currentThread().join();
  }

  private Mono<List<PublishResult>> publish(List<Message> batch) {
    List<String> ids = batch.stream().map(Message::id).toList();
    return Mono.usingWhen(
            pool.create(), connection -> deliver(connection, batch, ids), Connection::close)
        .then(Mono.defer(() -> handle(ids)))
        .thenReturn(batch.stream().map(message -> PublishResult.published()).toList());
  }

  private static Mono<Void> deliver(Connection connection, List<Message> batch, List<String> ids) {
    String[] keys = batch.stream().map(Message::key).toArray(String[]::new);
    return Mono.from(connection.setAutoCommit(true))
        .then(run(connection, DELIVER, ids.toArray(String[]::new), keys));
  }

  private Mono<Void> handle(Collection<String> ids) {
    return Mono.usingWhen(
        pool.create(),
        connection ->
            Mono.from(connection.beginTransaction())
                .then(inbox.accept(connection, ids))
                .flatMap(fresh -> handleFresh(connection, fresh))
                .then(Mono.defer(() -> Mono.from(connection.commitTransaction()))),
        Connection::close,
        (connection, failure) ->
            Mono.from(connection.rollbackTransaction())
                .onErrorComplete()
                .then(Mono.from(connection.close())),
        Connection::close);
  }

  private static Mono<Void> handleFresh(Connection connection, Set<String> fresh) {
    return fresh.isEmpty()
        ? Mono.empty()
        : run(connection, HANDLE, (Object) fresh.toArray(String[]::new));
  }

  private static Mono<Void> run(Connection connection, String sql, Object... values) {
    io.r2dbc.spi.Statement statement = connection.createStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.bind(i, values[i]);
    }
    return Flux.from(statement.execute()).flatMap(Result::getRowsUpdated).then();
  }
}
