package io.batchflow.r2dbc.outbox;

import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.message.PublishResult;
import io.batchflow.r2dbc.lease.LeaseDatabase;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An outbox in a database of its own, and a publisher that remembers. */
final class OutboxScene implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int CONNECTIONS = 20;

  final BlockingQueue<Message> published = new LinkedBlockingQueue<>();
  final R2dbcOutbox outbox;
  final ConnectionPool pool;
  private final LeaseDatabase database;
  private final List<OutboxRelay> relays = new ArrayList<>();

  private OutboxScene(Kind kind) throws SQLException {
    this.database = kind.open();
    this.pool = pool(database.factory());
    this.outbox = R2dbcOutbox.create(pool);
  }

  static OutboxScene on(Kind kind) throws SQLException {
    OutboxScene scene = new OutboxScene(kind);
    scene.outbox.createTables().then(scene.outbox.createTables()).block(PATIENCE);
    return scene;
  }

  static OutboxScene rotatingOn(Kind kind) throws SQLException {
    OutboxScene scene = new OutboxScene(kind);
    Mono<Void> tables = scene.outbox.createRotatingTables();
    tables.then(scene.outbox.createRotatingTables()).block(PATIENCE);
    return scene;
  }

  static ConnectionPool pool(ConnectionFactory factory) {
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(factory).initialSize(0).maxSize(CONNECTIONS).build());
  }

  LeaseDatabase database() {
    return database;
  }

  static Message message(String key, String id) {
    return Message.builder("test", id.getBytes(StandardCharsets.UTF_8)).id(id).key(key).build();
  }

  /** Remembers the messages of a batch, and then publishes it. */
  MessagePublisher recorder() {
    return batch ->
        Mono.fromSupplier(
            () -> {
              published.addAll(batch);
              return batch.stream().map(message -> PublishResult.published()).toList();
            });
  }

  OutboxRelay start(OutboxRelay.Builder builder) {
    OutboxRelay relay = builder.build();
    relays.add(relay);
    relay.start();
    return relay;
  }

  void commit(Message... messages) {
    append(messages).end(true);
  }

  Transaction append(Message... messages) {
    Connection connection = Objects.requireNonNull(pool.create().block(PATIENCE));
    Mono.from(connection.beginTransaction())
        .then(outbox.append(connection, List.of(messages)))
        .block(PATIENCE);
    return new Transaction(connection, outbox);
  }

  record Transaction(Connection connection, R2dbcOutbox outbox) {

    void end(boolean commit) {
      Mono.from(commit ? connection.commitTransaction() : connection.rollbackTransaction())
          .then(Mono.from(connection.close()))
          .block(PATIENCE);
      outbox.committed();
    }
  }

  /** Waits for published messages, and returns their ids. */
  List<String> published(int count) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      Message message = published.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      ids.add(Objects.requireNonNull(message, () -> "more than " + ids).id());
    }
    return ids;
  }

  /** Looks again and again until a condition holds. */
  void await(BooleanSupplier condition) {
    Mono.fromSupplier(condition::getAsBoolean)
        .filter(holds -> holds)
        .repeatWhenEmpty(empty -> empty.delayElements(Duration.ofMillis(20)))
        .block(PATIENCE);
  }

  /** Returns how many messages are in the table. */
  long left() {
    return number("SELECT COUNT(*) FROM batchflow_outbox");
  }

  /** Executes a statement, and returns the number that it returns, or 0. */
  long number(String sql) {
    Mono<Long> number =
        Flux.usingWhen(
                pool.create(),
                connection ->
                    Flux.from(connection.createStatement(sql).execute())
                        .flatMap(
                            (Result result) ->
                                result.map(
                                    row -> Objects.requireNonNull(row.get(0, Number.class)))),
                Connection::close)
            .next()
            .map(Number::longValue);
    return number.blockOptional(PATIENCE).orElse(0L);
  }

  @Override
  public void close() throws SQLException {
    Flux.fromIterable(relays).flatMap(OutboxRelay::close).blockLast(PATIENCE);
    pool.disposeLater().block(PATIENCE);
    database.close();
  }
}
