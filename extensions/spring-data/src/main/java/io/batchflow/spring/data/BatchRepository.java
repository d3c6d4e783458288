package io.batchflow.spring.data;

import io.batchflow.BatchFlowException;
import io.batchflow.Outcome;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Adds batches to a repository of Spring Data R2DBC: let the repository extend this interface too.
 * The context needs a {@link io.batchflow.BatchFlow}, an {@link
 * io.batchflow.r2dbc.R2dbcBatchWriter} and an {@code R2dbcEntityTemplate} as beans.
 *
 * <p>Entities are converted as {@code R2dbcEntityTemplate} does it: with its converters, entity
 * callbacks, auditing and names. The callbacks are the beans of the context, or its {@code
 * ReactiveEntityCallbacks} if it has such a bean; those given to {@code
 * R2dbcEntityTemplate.setEntityCallbacks} cannot be read. Within a transaction of Spring, entities
 * are written on its connection and in their order, and the first failure ends the stream.
 * Otherwise they go through the flow, and an entity that fails does not end the stream.
 * Thread-safe.
 *
 * <p>An {@link Outcome} has the saved entity if it is written, with its generated id and version,
 * and the given one otherwise. An entity that cannot be converted is {@link
 * io.batchflow.OutcomeStatus#INVALID}. If the database does not tell the id that it made, the
 * outcome is an {@link io.batchflow.UnknownOutcomeException}. A failed {@code AfterSaveCallback}
 * ends the stream with its error, although the row is written.
 *
 * @param <T> the type of the entities
 */
public interface BatchRepository<T> {

  /**
   * Inserts an entity if it is new to Spring Data; otherwise inserts or updates it by its id.
   *
   * @return completes with the saved entity once its row is durable, or within a transaction once
   *     its statement succeeded. Fails with the {@link BatchFlowException} of its row
   */
  <S extends T> Mono<S> submit(S entity);

  /** Submits a stream of entities, each as {@link #submit} does. Returns an outcome for each. */
  <S extends T> Flux<Outcome<S>> submitAll(Publisher<S> entities);

  /**
   * Inserts a stream of entities, also those with ids of their own. A version starts as Spring Data
   * starts it.
   *
   * @return one outcome for each entity. An id that exists already is a rejection
   */
  <S extends T> Flux<Outcome<S>> insertAll(Publisher<S> entities);

  /**
   * Inserts or updates a stream of entities by their ids. Properties that are insert-only are not
   * updated. An entity without an id or with a {@code @Version} property is invalid: a batch has no
   * optimistic locking.
   *
   * @return one outcome for each entity
   */
  <S extends T> Flux<Outcome<S>> upsertAll(Publisher<S> entities);
}
