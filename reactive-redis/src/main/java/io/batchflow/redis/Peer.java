package io.batchflow.redis;

import io.lettuce.core.ClientListArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.AsyncCloseable;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/** A connection as its server identifies it, so that another connection can end it. */
final class Peer {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** The numbers start again when the server does, so the address is compared too. */
  private static final Pattern INFO = Pattern.compile("id=(\\d+) addr=(\\S+) .*", Pattern.DOTALL);

  /** Another connection to the same server, and what has to be closed after its use. */
  record Beside(StatefulRedisConnection<byte[], byte[]> connection, AsyncCloseable opened) {}

  private final CompletableFuture<String> info;

  private Peer(CompletableFuture<String> info) {
    this.info = info;
  }

  /** Asks the server for the number and the address of a connection. */
  static Peer of(StatefulRedisConnection<byte[], byte[]> connection) {
    try {
      return new Peer(connection.async().clientInfo().toCompletableFuture());
    } catch (RuntimeException closed) {
      return new Peer(CompletableFuture.failedFuture(closed));
    }
  }

  /** Completes once the server has answered: with false if it does not tell. */
  CompletableFuture<Boolean> answered() {
    return info.handle((answer, rejected) -> rejected == null);
  }

  /**
   * Ends the connection in the server. Completes with true once the server no longer has it, and
   * with false if the server did not identify it or does not allow this user to end it.
   *
   * @param beside another connection to the same server
   */
  Mono<Boolean> end(CompletableFuture<Beside> beside) {
    CompletableFuture<?>[] closing = new CompletableFuture<?>[1];
    return Mono.fromFuture(info, true)
        .onErrorComplete()
        .map(INFO::matcher)
        .filter(Matcher::matches)
        .flatMap(
            known ->
                Mono.fromFuture(beside, true)
                    .flatMap(other -> gone(other.connection(), known.group(1), known.group(2))))
        .defaultIfEmpty(false)
        .onErrorResume(RedisCommandExecutionException.class, forbidden -> Mono.just(false))
        .doFinally(end -> closing[0] = beside.thenCompose(other -> other.opened().closeAsync()));
  }

  private static Mono<Boolean> gone(
      StatefulRedisConnection<byte[], byte[]> other, String id, String address) {
    long number = Long.parseLong(id);
    return Mono.fromFuture(
            () ->
                other.async().clientList(ClientListArgs.Builder.ids(number)).toCompletableFuture())
        .filter(list -> list.contains(" addr=" + address + " "))
        .flatMap(
            there ->
                Mono.fromFuture(
                    () ->
                        other
                            .async()
                            .clientKill(KillArgs.Builder.id(number))
                            .toCompletableFuture()))
        .repeatWhen(rounds -> rounds.takeWhile(n -> n > 0).delayElements(BETWEEN_LOOKS))
        .then(Mono.just(true));
  }
}
