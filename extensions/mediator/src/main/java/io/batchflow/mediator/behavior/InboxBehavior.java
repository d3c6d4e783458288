package io.batchflow.mediator.behavior;

import io.batchflow.mediator.Behavior;
import io.batchflow.mediator.Delivery;
import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Lets each message have its effect once, although it may arrive twice. The id of the message is
 * recorded by an {@link R2dbcInbox} in a transaction, in which the handler works: it gets the
 * connection by {@link #connection()}. The transaction is committed when the handler has succeeded.
 *
 * <p>The reply to a message that was handled before is empty, unless replies are {@linkplain
 * #repeatReplies kept}. Messages without an id are handled without a transaction. A batch handler
 * cannot share the transaction of one request: it calls the inbox itself. Immutable and
 * thread-safe.
 */
public final class InboxBehavior implements Behavior {

  private final R2dbcInbox inbox;
  private final ConnectionFactory database;
  private final Function<Object, @Nullable String> id;
  private final @Nullable Replies replies;

  /** How replies are kept. */
  private record Replies(Function<Object, byte[]> write, BiFunction<Object, byte[], ?> read) {}

  private InboxBehavior(
      R2dbcInbox inbox,
      ConnectionFactory database,
      Function<Object, @Nullable String> id,
      @Nullable Replies replies) {
    this.inbox = inbox;
    this.database = database;
    this.id = id;
    this.replies = replies;
  }

  /**
   * Returns the behavior for an inbox.
   *
   * @param database has the table of the inbox and the tables of the work; stays yours
   * @param id returns the id of a message, or null if it has none
   */
  public static InboxBehavior create(
      R2dbcInbox inbox, ConnectionFactory database, Function<Object, @Nullable String> id) {
    return new InboxBehavior(
        Objects.requireNonNull(inbox, "inbox"),
        Objects.requireNonNull(database, "database"),
        Objects.requireNonNull(id, "id"),
        null);
  }

  /**
   * Returns a behavior that keeps replies in the inbox, and repeats the reply to a message that was
   * handled before.
   *
   * @param write encodes a reply, in at most a mebibyte
   * @param read takes the message and its encoded reply, and returns the reply
   */
  public InboxBehavior repeatReplies(
      Function<Object, byte[]> write, BiFunction<Object, byte[], ?> read) {
    return new InboxBehavior(
        inbox,
        database,
        id,
        new Replies(Objects.requireNonNull(write, "write"), Objects.requireNonNull(read, "read")));
  }

  /**
   * Returns the connection of the transaction in which the caller handles a message. Do not close
   * it, commit or roll back.
   *
   * @return fails with {@link java.util.NoSuchElementException} outside of such a transaction
   */
  public static Mono<Connection> connection() {
    return Mono.deferContextual(context -> Mono.just(context.get(Connection.class)));
  }

  @Override
  public <R> Mono<R> around(Delivery delivery, Mono<R> call) {
    return Mono.defer(
        () -> {
          String message = id.apply(delivery.message());
          if (message == null) {
            return call;
          }
          if (delivery.kind() == Delivery.Kind.BATCHED_REQUEST) {
            return Mono.error(
                new IllegalStateException(
                    "A batch handler cannot share the transaction of one request. Exclude '"
                        + delivery.handler()
                        + "' with Behaviors.when, and call the inbox in the handler."));
          }
          return inTransaction(message, delivery.message(), call);
        });
  }

  private <R> Mono<R> inTransaction(String key, Object message, Mono<R> call) {
    return Mono.usingWhen(
        Mono.from(database.create()),
        connection ->
            Mono.from(connection.beginTransaction())
                .then(Mono.defer(() -> inbox.accept(connection, List.of(key))))
                .flatMap(
                    fresh ->
                        fresh.isEmpty()
                            ? this.<R>repeated(connection, key, message)
                            : handled(connection, key, call)),
        connection -> closed(connection, Mono.from(connection.commitTransaction())),
        (connection, failure) -> closed(connection, rolledBack(connection)),
        connection -> closed(connection, rolledBack(connection)));
  }

  private <R> Mono<R> handled(Connection connection, String key, Mono<R> call) {
    Replies kept = replies;
    Mono<R> handled = call.contextWrite(with -> with.put(Connection.class, connection));
    return kept == null
        ? handled
        : handled.flatMap(
            reply ->
                inbox.keep(connection, Map.of(key, kept.write().apply(reply))).thenReturn(reply));
  }

  /** The reply had this type when it was written. */
  @SuppressWarnings("unchecked")
  private <R> Mono<R> repeated(Connection connection, String key, Object message) {
    Replies kept = replies;
    return kept == null
        ? Mono.empty()
        : inbox
            .results(connection, List.of(key))
            .mapNotNull(results -> results.get(key))
            .map(result -> (R) kept.read().apply(message, result));
  }

  private static Mono<Void> rolledBack(Connection connection) {
    return Mono.from(connection.rollbackTransaction()).onErrorComplete();
  }

  private static Mono<Void> closed(Connection connection, Mono<Void> end) {
    return end.onErrorResume(failure -> Mono.from(connection.close()).then(Mono.error(failure)))
        .then(Mono.defer(() -> Mono.from(connection.close())));
  }
}
