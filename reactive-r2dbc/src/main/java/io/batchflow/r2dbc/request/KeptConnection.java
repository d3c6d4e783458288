package io.batchflow.r2dbc.request;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One connection for requests that come one after the other, each committed at once. After a
 * failure the next request opens another one. For one user at a time.
 */
public final class KeptConnection {

  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final ConnectionFactory factory;
  private final Requests requests;
  private final Duration timeout;
  private volatile @Nullable Connection open;

  /**
   * Opens nothing.
   *
   * @param timeout how long a request may take
   */
  public KeptConnection(ConnectionFactory factory, Duration timeout) {
    this.factory = factory;
    this.requests = Requests.to(factory);
    this.timeout = timeout;
  }

  /** Sends a request. A request without an answer fails with a TimeoutException. */
  public <T> Mono<T> send(Function<Connection, Mono<T>> request) {
    return requests
        .unblocked(Mono.defer(this::connection).flatMap(request))
        .timeout(timeout)
        .onErrorResume(failure -> close().then(Mono.error(failure)));
  }

  private Mono<Connection> connection() {
    Connection kept = open;
    return kept != null
        ? Mono.just(kept)
        : Mono.from(factory.create())
            .doOnNext(connection -> open = connection)
            .flatMap(
                connection -> Mono.from(connection.setAutoCommit(true)).thenReturn(connection));
  }

  /** Closes the connection if there is one. */
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          Connection kept = open;
          open = null;
          return kept == null
              ? Mono.empty()
              : requests
                  .unblocked(Mono.from(kept.close()))
                  .timeout(CLOSING, Mono.empty())
                  .onErrorComplete();
        });
  }
}
