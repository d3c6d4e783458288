package io.batchflow.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Sends commands on a connection in one piece. Fails the commands that cannot be sent. */
final class Dispatch {

  private Dispatch() {}

  /**
   * @param end ends the connection in its server
   */
  static void dispatch(
      StatefulRedisConnection<byte[], byte[]> connection,
      List<RowCommand> commands,
      boolean atomic,
      Supplier<Mono<Boolean>> end) {
    if (!commands.get(0).route().send(end)) {
      fail(commands, new RedisException("The deadline passed before there was a connection"));
      return;
    }
    try {
      connection.dispatch(atomic ? Transaction.of(commands) : commands);
    } catch (RuntimeException failure) {
      commands.forEach(command -> command.completeExceptionally(failure));
    }
  }

  /** Uses a connection once it is open. Fails the commands if it cannot be opened or used. */
  static <C> void with(
      CompletableFuture<C> connection, List<RowCommand> commands, Consumer<C> use) {
    CompletableFuture<?> unused =
        connection
            .thenAccept(use)
            .exceptionally(
                failure -> {
                  fail(commands, failure instanceof CompletionException ? cause(failure) : failure);
                  return null;
                });
  }

  private static Throwable cause(Throwable failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  private static void fail(List<RowCommand> commands, Throwable failure) {
    RedisWriteException reason = RedisErrors.notConnected(commands.get(0).schema(), failure);
    commands.forEach(command -> command.completeExceptionally(reason));
  }
}
