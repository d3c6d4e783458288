package io.batchflow.benchmarks;

import io.batchflow.message.Message;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A queue as it is written by hand: one worker locks rows with SKIP LOCKED, publishes them, deletes
 * them, and commits. It polls when the table is empty. With several workers, it would not keep the
 * order of a key.
 */
final class SkipLockedQueue implements MessageQueue {

  private static final int BATCH = 500;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String TABLE =
      "CREATE TABLE queue (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL,"
          + " message_key TEXT NOT NULL, payload BYTEA NOT NULL)";
  private static final String APPEND =
      "INSERT INTO queue (id, message_key, payload)"
          + " SELECT id, message_key, substring($3 FROM place FOR bytes)"
          + " FROM unnest($1, $2, $4, $5) AS given (id, message_key, place, bytes)";
  private static final String TAKE =
      "SELECT seq, id, message_key, payload FROM queue ORDER BY seq LIMIT "
          + BATCH
          + " FOR UPDATE SKIP LOCKED";
  private static final String DELETE = "DELETE FROM queue WHERE seq = ANY($1)";

  private record Taken(long seq, Message message) {

    static Taken of(Readable row) {
      Message message =
          Message.builder("queued", Objects.requireNonNull(row.get(3, byte[].class)))
              .id(Objects.requireNonNull(row.get(1, String.class)))
              .key(Objects.requireNonNull(row.get(2, String.class)))
              .build();
      return new Taken(Objects.requireNonNull(row.get(0, Long.class)), message);
    }
  }

  private final ConnectionFactory factory;
  private volatile boolean stopping;
  private Mono<Void> ended = Mono.empty();

  SkipLockedQueue(ConnectionFactory factory) {
    this.factory = factory;
    Mono.usingWhen(
            factory.create(),
            connection -> run(connection.createStatement(TABLE)),
            Connection::close)
        .block(PATIENCE);
  }

  @Override
  public String name() {
    return "skip_locked_by_hand";
  }

  @Override
  public String table() {
    return "queue";
  }

  @Override
  public Mono<Void> append(Connection connection, List<Message> messages) {
    int count = messages.size();
    Integer[] places = new Integer[count];
    Integer[] bytes = new Integer[count];
    byte[] payloads = new byte[messages.stream().mapToInt(one -> one.payload().length).sum()];
    int end = 0;
    for (int i = 0; i < count; i++) {
      byte[] payload = messages.get(i).payload();
      System.arraycopy(payload, 0, payloads, end, payload.length);
      places[i] = end + 1;
      bytes[i] = payload.length;
      end += payload.length;
    }
    return run(
        connection
            .createStatement(APPEND)
            .bind(0, messages.stream().map(Message::id).toArray(String[]::new))
            .bind(1, messages.stream().map(Message::key).toArray(String[]::new))
            .bind(2, payloads)
            .bind(3, places)
            .bind(4, bytes));
  }

  @Override
  public void committed() {
    // it polls
  }

  @Override
  public void start(Consumer<List<Message>> published) {
    stopping = false;
    Sinks.Empty<Void> end = Sinks.empty();
    ended = end.asMono();
    Mono.usingWhen(
            factory.create(),
            connection ->
                Mono.defer(() -> step(connection, published)).repeat(() -> !stopping).then(),
            Connection::close)
        .subscribe(none -> {}, end::tryEmitError, end::tryEmitEmpty);
  }

  private static Mono<Void> step(Connection connection, Consumer<List<Message>> published) {
    return Mono.from(connection.beginTransaction())
        .thenMany(connection.createStatement(TAKE).execute())
        .flatMap(result -> result.map(Taken::of))
        .collectList()
        .flatMap(
            taken -> {
              published.accept(taken.stream().map(Taken::message).toList());
              Long[] done = taken.stream().map(Taken::seq).toArray(Long[]::new);
              Mono<Void> deleted =
                  taken.isEmpty()
                      ? Mono.empty()
                      : run(connection.createStatement(DELETE).bind(0, done));
              return deleted
                  .then(Mono.from(connection.commitTransaction()))
                  .then(taken.isEmpty() ? Mono.delay(POLL).then() : Mono.empty());
            });
  }

  private static Mono<Void> run(Statement statement) {
    return Flux.from(statement.execute()).flatMap(Result::getRowsUpdated).then();
  }

  @Override
  public void stop() {
    stopping = true;
    ended.block(PATIENCE);
  }

  @Override
  public void close() {
    // nothing is open
  }
}
