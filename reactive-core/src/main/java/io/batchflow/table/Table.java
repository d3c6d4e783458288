package io.batchflow.table;

import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Overflow;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One table of a flow, which takes objects instead of rows. A {@link RowMapper} turns them into
 * rows.
 *
 * <p>Immutable and thread-safe. Two tables of one schema share batches, as their rows do.
 *
 * @param <T> the type of the objects
 */
public interface Table<T> {

  /** Returns the schema of the rows. */
  Schema schema();

  /**
   * Submits one object, like {@link io.batchflow.BatchFlow#submit BatchFlow.submit}. This call maps
   * the object, so later changes of it have no effect.
   *
   * @return completes once the row is durable, or fails with the reason of this row. Fails with
   *     {@link InvalidRowException} if the object cannot be mapped
   * @throws InvalidRowException if the object is null
   */
  Mono<WriteResult> submit(T value);

  /**
   * Deletes the row that has the key of an object. This call maps the key by {@link
   * RowMapper#mapKey}; everything else is ignored. Deletes and submissions of one key keep their
   * order.
   *
   * @return completes once the row is gone, also if there was none: see {@link
   *     io.batchflow.Schema#delete()}
   * @throws InvalidRowException if the object is null
   * @throws io.batchflow.InvalidSchemaException unless the schema {@linkplain
   *     io.batchflow.Schema#allowsDeletes() allows deletes}
   */
  Mono<WriteResult> delete(T value);

  /**
   * Submits a stream of objects, like {@link io.batchflow.BatchFlow#submitAll BatchFlow.submitAll}.
   * An object that cannot be mapped is an outcome. It does not end the stream.
   *
   * @return one outcome for each object
   */
  Flux<Outcome<T>> submitAll(Publisher<? extends T> values);

  /**
   * Submits a stream of anything that becomes objects of this table, for example lines to be
   * parsed. If the function throws or returns null, that is the outcome of its element. It does not
   * end the stream.
   *
   * @param reader called on the thread of the source, so it must not block
   * @return one outcome for each element of the source
   */
  <S> Flux<Outcome<S>> submitAll(
      Publisher<? extends S> source, Function<? super S, ? extends T> reader);

  /**
   * Returns the same table with another answer to a full flow, for {@link #submit}. A request that
   * must be answered at once and a job that can wait may thus share a table. Streams wait in any
   * case, since they request only what fits.
   */
  Table<T> with(Overflow overflow);

  /**
   * Returns the same table with another {@linkplain
   * io.batchflow.BatchPolicy.Builder#deliveryTimeout delivery timeout}, for {@link #submit} and for
   * streams. A request whose answer soon comes too late and a job that has time may thus share a
   * table, and batches.
   *
   * @param deliveryTimeout how long after its submission a row may still be sent, in whole
   *     milliseconds, rounded up
   * @throws io.batchflow.InvalidConfigurationException unless it is positive, at most a day, and
   *     longer than the {@code maxDelay} of the table
   */
  Table<T> with(Duration deliveryTimeout);
}
