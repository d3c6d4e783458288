package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.deadletter.DeadLetter;
import io.batchflow.deadletter.DeadLetters;
import io.batchflow.lease.Lease;
import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import io.batchflow.r2dbc.outbox.OutboxRelay;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The example of docs/outbox.md: an order and its message, on H2. */
class OutboxExampleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ORDER = "INSERT INTO orders (item) VALUES ('tea')";

  private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
  private volatile boolean known;

  private Mono<Void> place(Connection connection, R2dbcOutbox outbox, Message placed) {
    return Mono.from(connection.createStatement(ORDER).execute())
        .flatMap(order -> Mono.from(order.getRowsUpdated()))
        .then(outbox.append(connection, List.of(placed)))
        .then(Mono.defer(() -> Mono.from(connection.commitTransaction())))
        .doOnSuccess(committed -> outbox.committed());
  }

  private OutboxRelay start(R2dbcOutbox outbox, BatchFlow letters) {
    OutboxRelay relay =
        outbox
            .relay(MessagePublisher.each(message -> send(message), 16))
            .deadLetter(DeadLetters.through(letters, DeadLetters.schema("dead_letters")))
            .maxAttempts(1)
            .build();
    relay.start();
    return relay;
  }

  private Mono<Void> send(Message message) {
    return known
        ? Mono.fromRunnable(() -> sent.add(message.id()))
        : Mono.error(new IllegalStateException("nobody knows this type"));
  }

  private static R2dbcOutbox outboxIn(ConnectionPool pool) {
    R2dbcOutbox outbox = R2dbcOutbox.create(pool);
    return outbox;
  }

  private static Flux<Long> rotating(R2dbcLeaseStore leases, R2dbcOutbox outbox) {
    return Lease.builder(leases, "outbox rotation")
        .build()
        .whileHeld(Duration.ofSeconds(10), token -> outbox.rotate());
  }

  @Test
  void onlyPostgresRotates() {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
    R2dbcLeaseStore leases = R2dbcLeaseStore.create(database);
    leases.createTable().block(PATIENCE);

    assertThatThrownBy(() -> rotating(leases, R2dbcOutbox.create(database)).blockFirst(PATIENCE))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static void run(ConnectionPool pool, String sql) {
    Flux.usingWhen(
            pool.create(),
            connection ->
                Flux.from(connection.createStatement(sql).execute())
                    .flatMap(result -> result.getRowsUpdated()),
            Connection::close)
        .blockLast(PATIENCE);
  }

  private static DeadLetter letterIn(ConnectionPool pool) {
    return Flux.usingWhen(
            pool.create(),
            connection ->
                Flux.from(connection.createStatement("SELECT letter FROM dead_letters").execute())
                    .flatMap(result -> result.map(row -> row.get(0, String.class))),
            Connection::close)
        .next()
        .repeatWhenEmpty(empty -> empty.delayElements(Duration.ofMillis(20)))
        .map(DeadLetter::parse)
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  @Test
  void aMessageLeavesWithItsTransactionAndADeadLetterIsSentAgain() throws Exception {
    ConnectionPool pool =
        new ConnectionPool(
            ConnectionPoolConfiguration.builder(
                    ConnectionFactories.get(
                        "r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1"))
                .build());
    R2dbcOutbox outbox = outboxIn(pool);
    outbox.createTables().block(PATIENCE);
    run(pool, "CREATE TABLE orders (item VARCHAR(50))");
    run(
        pool,
        "CREATE TABLE dead_letters (id VARCHAR(36) PRIMARY KEY, rejected_at VARCHAR(27),"
            + " table_name VARCHAR(200), reason VARCHAR(100), attempts INTEGER, letter VARCHAR)");
    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(pool)).build();
    OutboxRelay relay = start(outbox, flow);
    Message placed =
        Message.builder("order.placed", "tea".getBytes(StandardCharsets.UTF_8))
            .key("order 1")
            .build();
    Mono.usingWhen(
            pool.create(),
            connection ->
                Mono.from(connection.beginTransaction()).then(place(connection, outbox, placed)),
            Connection::close)
        .block(PATIENCE);

    DeadLetter letter = letterIn(pool);
    assertThat(sent).isEmpty();
    known = true;
    DeadLetters.replay(Mono.just(letter), any -> R2dbcOutbox.schema(), flow).blockLast(PATIENCE);
    outbox.committed();
    assertThat(sent.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(placed.id());
    relay.close().then(flow.close()).then(pool.disposeLater()).block(PATIENCE);
  }
}
