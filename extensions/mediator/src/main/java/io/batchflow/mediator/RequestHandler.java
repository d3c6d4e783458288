package io.batchflow.mediator;

import reactor.core.publisher.Mono;

/**
 * Handles requests of one type, one at a time. Must not block. To handle many at once, use a {@link
 * io.batchflow.coalesce.BatchHandler}.
 *
 * @param <C> the type of the requests
 * @param <R> the type of the replies
 */
@FunctionalInterface
public interface RequestHandler<C extends Request<R>, R> {

  /** Handles a request; nothing happens before the subscription. */
  Mono<R> handle(C request);
}
