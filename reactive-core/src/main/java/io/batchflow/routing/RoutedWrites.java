package io.batchflow.routing;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Remembers which writer got a batch and which one signalled a failure, for as long as anyone holds
 * the batch or the failure. Thread-safe.
 */
final class RoutedWrites {

  private final Map<Batch, RoutedWrite> writes = Collections.synchronizedMap(new WeakHashMap<>());
  private final Map<Throwable, Route> failures = Collections.synchronizedMap(new WeakHashMap<>());

  Mono<BatchResult> write(Route route, Batch batch) {
    RoutedWrite write = new RoutedWrite(route);
    writes.put(batch, write);
    return write
        .write(batch)
        .doOnNext(result -> result.rejected().values().forEach(each -> signalled(each, route)))
        .doOnError(failure -> signalled(failure, route));
  }

  private void signalled(Throwable failure, Route route) {
    failures.put(BadRowException.causeOf(failure), route);
  }

  /** Returns the write of a batch; null if there was none. */
  @Nullable RoutedWrite of(Batch batch) {
    return writes.get(batch);
  }

  /** Returns whose failure it is; the given writer if no writer signalled it. */
  Route of(Throwable failure, Route otherwise) {
    return failures.getOrDefault(failure, otherwise);
  }
}
