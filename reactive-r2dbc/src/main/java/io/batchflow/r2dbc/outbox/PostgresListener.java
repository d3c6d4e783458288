package io.batchflow.r2dbc.outbox;

import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Hears of commits in other processes, on a connection of its own, by r2dbc-postgresql. */
final class PostgresListener {

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ConnectionFactory factory;

  PostgresListener(ConnectionFactory factory) {
    this.factory = factory;
  }

  /** Signals when there may be messages. Connects again after a failure. Ends if cancelled. */
  Flux<Object> commits() {
    return Flux.usingWhen(
            factory.create(), PostgresListener::listen, PostgresListener::unlistenAndClose)
        .onErrorComplete()
        .concatWith(Mono.delay(PAUSE).then(Mono.empty()))
        .repeat();
  }

  private static Flux<Object> listen(Connection connection) {
    PostgresqlConnection raw = raw(connection);
    return raw == null
        ? Flux.never()
        : Requests.changed(connection.createStatement("LISTEN " + Announcer.CHANNEL))
            .cast(Object.class)
            .concatWith(raw.getNotifications());
  }

  private static @Nullable PostgresqlConnection raw(Object connection) {
    Object raw = connection;
    while (raw instanceof Wrapped<?> wrapper && !(raw instanceof PostgresqlConnection)) {
      raw = wrapper.unwrap();
    }
    return raw instanceof PostgresqlConnection postgres ? postgres : null;
  }

  /** A pool may give the connection to somebody else. */
  private static Mono<Void> unlistenAndClose(Connection connection) {
    return Requests.changed(connection.createStatement("UNLISTEN " + Announcer.CHANNEL))
        .timeout(PAUSE)
        .onErrorComplete()
        .then(Mono.from(connection.close()));
  }
}
