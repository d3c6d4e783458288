package io.batchflow;

import io.batchflow.stats.ConnectionStats;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes batches to a backend: the one thing that a new backend implements. A lambda will do.
 *
 * <p>The contract:
 *
 * <ul>
 *   <li>One batch is one atomic write. A value means that it is applied, but for the rows that the
 *       result names, each with a failure of its own; an error means that nothing of it is applied,
 *       unless {@link #failureClassifier()} calls that error {@link FailureKind#UNKNOWN}. A {@link
 *       BadRowException} around it names the row that is to blame, which saves a search.
 *   <li>The flow calls {@link #write} and subscribes on its own scheduler, at most {@code
 *       concurrency} batches at a time, once for each attempt. It cancels a subscription only to
 *       give a write up that ran past its deadline and did not end when it was {@linkplain
 *       #interrupt interrupted}: whatever it held is then of no further use, a connection above
 *       all, on which the statement may still run.
 *   <li>Neither {@code write} nor its {@code Mono} may block the thread; a blocking backend moves
 *       to a scheduler of its own. Signals may come from any thread.
 *   <li>A {@code Mono} that completes without a value breaks the contract: its rows are reported
 *       with an unknown outcome.
 * </ul>
 */
@FunctionalInterface
public interface BatchWriter {

  /** Returns the write of one batch; nothing happens before the subscription. */
  Mono<BatchResult> write(Batch batch);

  /**
   * Returns a writer whose writes are changed, by a rate limit, a circuit breaker or a second copy,
   * and which is this one in all else. What its writes fail with and this writer does not know is
   * for {@link BatchFlow.Builder#failureClassifier}.
   *
   * @param decorator takes each batch with this writer's write of it, and returns what is written
   *     instead, by the contract above
   */
  default BatchWriter decorate(BiFunction<Batch, Mono<BatchResult>, Mono<BatchResult>> decorator) {
    return new DecoratedWriter(this, Objects.requireNonNull(decorator, "decorator"));
  }

  /**
   * Returns the most batches that this writer can have under way, such as the size of its pool; a
   * flow whose {@link BatchFlow.Builder#concurrency} exceeds it is rejected when it is built.
   * Defaults to no limit.
   */
  default int maxConcurrency() {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns what this writer's connections are doing, for statistics and meters. Must not block.
   * Defaults to {@link ConnectionStats#NONE}.
   */
  default ConnectionStats connections() {
    return ConnectionStats.NONE;
  }

  /**
   * Returns how the backend compares the conflict keys of a Schema's rows, by which a flow sorts,
   * merges and shares them out; null while that is not known, until {@link #lookUp} has told.
   * Called for every batch, by any thread; must not block. A batch that was made by another rule
   * than the one that holds is rejected with a {@link StaleKeysException}. Defaults to {@link
   * KeyEquality#byValue()}.
   */
  default @Nullable KeyEquality keyEquality(Schema schema) {
    return KeyEquality.byValue();
  }

  /**
   * Asks the backend what {@link #keyEquality} is to return. The flow calls it before a batch for
   * which that returns null, and takes its failure for that of the write. Defaults to nothing.
   */
  default Mono<Void> lookUp(Schema schema) {
    return Mono.empty();
  }

  /**
   * Returns whether writing a batch a second time leaves the backend as writing it once does, so
   * that it may be written again when its verdict was lost. Defaults to {@link
   * Batch#isRepeatable()}, which fits tables with unique keys.
   */
  default boolean isRepeatable(Batch batch) {
    return batch.isRepeatable();
  }

  /**
   * Asks the backend to end the write of a batch that runs past {@link
   * BatchFlow.Builder#writeTimeout}. The write's own verdict is still waited for, for {@link
   * BatchFlow.Builder#writeGrace}. Must not block; a failure is of no consequence. Defaults to
   * nothing.
   *
   * @param batch the very batch that {@link #write} was given
   */
  default Mono<Void> interrupt(Batch batch) {
    return Mono.empty();
  }

  /**
   * Takes a write back of which nothing has been sent yet, as it waits for a connection, say. The
   * flow asks at {@link BatchFlow.Builder#writeTimeout} and at the deadline of {@link
   * BatchFlow#close(java.time.Duration)}: where this returns true, the batch counts as not sent,
   * and not as unknown. Must neither block nor signal. Defaults to false.
   *
   * @param batch the very batch that {@link #write} was given
   * @return true if nothing of this write was sent, and nothing ever will be
   */
  default boolean withdraw(Batch batch) {
    return false;
  }

  /**
   * Makes sure that a write whose verdict was lost is not applied later than this. What was sent
   * may still be on its way to the backend, and would then overwrite a newer row of its key. A
   * database does this by ending the session of the write.
   *
   * <p>Called after a write was given up or failed with {@link FailureKind#UNKNOWN}, where its rows
   * overwrite others. Until it ends, and for at most {@link BatchFlow.Builder#writeGrace}, neither
   * these rows nor newer ones of their keys are sent. An error, or no answer in that time, means
   * that it is not known yet: it is asked again before each further attempt.
   *
   * <p>Defaults to empty, for a writer that knows nothing of sessions: a write that ended by itself
   * counts as over, one that was given up does not. Where it is not over, its rows are reported
   * with an unknown outcome and not sent again.
   *
   * @param batch the very batch that {@link #write} was given
   * @return true once whatever was sent is applied by now, or never will be; false if that can
   *     never be known
   */
  default Mono<Boolean> abandon(Batch batch) {
    return Mono.empty();
  }

  /** Returns what this writer's failures mean. Defaults to {@link FailureClassifier#standard()}. */
  default FailureClassifier failureClassifier() {
    return FailureClassifier.standard();
  }

  /**
   * Returns what OpenTelemetry calls the backend, for traces: {@code postgresql}, {@code redis}.
   * Defaults to {@code other}.
   */
  default String system() {
    return "other";
  }

  /**
   * Returns the backend's own code of a failure, such as an SQLSTATE, for traces; null, which is
   * the default, where there is none. It holds nothing of a row.
   */
  default @Nullable String statusCode(Throwable failure) {
    return null;
  }

  /**
   * Frees what this writer opened itself, not what it was handed. The flow calls it once, after its
   * last batch. Defaults to nothing.
   */
  default Mono<Void> close() {
    return Mono.empty();
  }
}
