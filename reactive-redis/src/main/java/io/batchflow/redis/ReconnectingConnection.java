package io.batchflow.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.AsyncCloseable;
import io.lettuce.core.api.StatefulConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A connection that is opened at its first use, and again when it is lost. So the retries of the
 * flow decide how often a lost server is tried.
 */
final class ReconnectingConnection<C extends StatefulConnection<byte[], byte[]> & AsyncCloseable> {

  private final Supplier<CompletableFuture<C>> open;
  private final AtomicReference<@Nullable CompletableFuture<C>> current = new AtomicReference<>();
  private volatile boolean closed;

  ReconnectingConnection(Supplier<CompletableFuture<C>> open) {
    this.open = open;
  }

  CompletableFuture<C> get() {
    CompletableFuture<C> known = current.get();
    if (known != null && !isGone(known)) {
      return known;
    }
    if (closed) {
      return CompletableFuture.failedFuture(new RedisException("The writer is closed"));
    }
    CompletableFuture<C> next = new CompletableFuture<>();
    if (!current.compareAndSet(known, next)) {
      return get();
    }
    closeLater(known);
    CompletableFuture<?> unused =
        opened()
            .handle(
                (connection, failure) ->
                    failure == null
                        ? next.complete(connection)
                        : next.completeExceptionally(failure));
    if (closed) {
      drop(); // close() may have run before this connection was set
    }
    return next;
  }

  private CompletableFuture<C> opened() {
    try {
      return open.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private boolean isGone(CompletableFuture<C> future) {
    return future.isDone() && (future.isCompletedExceptionally() || !future.getNow(null).isOpen());
  }

  /**
   * Drops the connection, so that the next use opens a new one. Also drops one that is still being
   * opened, as a handshake may never be answered.
   */
  void drop() {
    CompletableFuture<C> known = current.get();
    if (known != null && current.compareAndSet(known, null)) {
      closeLater(known);
    }
  }

  private void closeLater(@Nullable CompletableFuture<C> known) {
    if (known != null) {
      CompletableFuture<?> unused = known.thenCompose(AsyncCloseable::closeAsync);
    }
  }

  Mono<Void> close() {
    return Mono.defer(
        () -> {
          closed = true;
          CompletableFuture<C> known = current.getAndSet(null);
          return known == null
              ? Mono.empty()
              : Mono.fromFuture(known)
                  .flatMap(c -> Mono.fromFuture(c.closeAsync()))
                  .onErrorComplete();
        });
  }
}
