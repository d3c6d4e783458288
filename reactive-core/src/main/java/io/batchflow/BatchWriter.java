package io.batchflow;

import io.batchflow.stats.ConnectionStats;
import io.batchflow.unit.Unit;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes batches to a backend. A new backend needs only this interface; a lambda is enough.
 *
 * <p>The contract:
 *
 * <ul>
 *   <li>One batch is one atomic write. A value means that the batch is applied, except for the rows
 *       that the result names as failed. An error means that nothing is applied, unless {@link
 *       #failureClassifier()} classifies it as {@link FailureKind#UNKNOWN}. A {@link
 *       BadRowException} names the row that caused the error, which saves a search.
 *   <li>The flow calls {@link #write} and subscribes on its own scheduler, at most {@code
 *       concurrency} batches at a time, once for each attempt. It cancels a subscription only if
 *       the write passed its deadline and did not end after it was {@linkplain #interrupt
 *       interrupted}. The writer must then discard the connection, since the statement may still
 *       run on it.
 *   <li>Neither {@code write} nor its {@code Mono} may block the thread. A blocking backend uses
 *       its own scheduler. Signals may come from any thread.
 *   <li>A {@code Mono} that completes without a value violates the contract: the outcome of its
 *       rows is reported as unknown.
 * </ul>
 */
@FunctionalInterface
public interface BatchWriter {

  /** Returns the write of one batch; nothing happens before the subscription. */
  Mono<BatchResult> write(Batch batch);

  /**
   * Returns a writer that decorates each write, for example with a rate limiter or a circuit
   * breaker, and delegates everything else to this writer. Classify the failures that the decorator
   * adds with {@link BatchFlow.Builder#failureClassifier}.
   *
   * @param decorator takes a batch and this writer's write of it; returns the write to use instead,
   *     by the contract above
   */
  default BatchWriter decorate(BiFunction<Batch, Mono<BatchResult>, Mono<BatchResult>> decorator) {
    return new DecoratedWriter(this, Objects.requireNonNull(decorator, "decorator"));
  }

  /**
   * Returns the maximum number of batches that this writer can write at the same time, such as the
   * size of its pool. Building a flow with a higher {@link BatchFlow.Builder#concurrency} fails.
   * Defaults to no limit.
   */
  default int maxConcurrency() {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns the state of this writer's connections, for statistics and meters. Must not block.
   * Defaults to {@link ConnectionStats#NONE}.
   */
  default ConnectionStats connections() {
    return ConnectionStats.NONE;
  }

  /**
   * Returns how the backend compares the conflict keys of a Schema's rows, or null until {@link
   * #lookUp} has found out. A flow sorts, merges and distributes rows by this rule. Called for
   * every batch, by any thread; must not block. If the rule has changed since a batch was made, the
   * writer signals a {@link StaleKeysException}. Defaults to {@link KeyEquality#byValue()}.
   */
  default @Nullable KeyEquality keyEquality(Schema schema) {
    return KeyEquality.byValue();
  }

  /**
   * Asks the backend for the rule that {@link #keyEquality} returns. The flow calls this before a
   * batch whose rule is null, and treats a failure as a failure of the write. Does nothing by
   * default.
   */
  default Mono<Void> lookUp(Schema schema) {
    return Mono.empty();
  }

  /**
   * Returns whether this writer can write rows that {@linkplain Row#isDelete() delete} their keys.
   * A flow turns such rows away if it cannot. A delete and a later row of its key may be in one
   * batch; {@link Batch#isDistinct()} is then false. A writer that reports failures of single rows
   * must not apply the later row if the delete failed. Defaults to false.
   */
  default boolean supportsDeletes(Schema schema) {
    return false;
  }

  /**
   * Returns whether this writer can write rows that {@linkplain Schema#isUpdateOnly() only update}.
   * It reports a row whose key is absent by a {@link RowAbsentException} in {@link
   * BatchResult#partly}, or under {@link AbsentStrategy#IGNORE} by {@link RowVerdict#ABSENT}. A
   * flow turns such rows away if the writer cannot. Defaults to false.
   */
  default boolean supportsUpdateOnly(Schema schema) {
    return false;
  }

  /**
   * Returns whether this writer can write {@linkplain Unit units}. In a batch of units, each row is
   * a unit, whose rows {@link Unit#rows} returns. The batch is still one atomic write, over all
   * tables of its units, and the rows of a unit are written in their order. A writer that rejects
   * units one by one applies nothing of a rejected unit. A unit has neither a row verdict nor
   * stored values, even if the batch asks for them. Defaults to false: a flow then takes no units.
   */
  default boolean supportsUnits() {
    return false;
  }

  /**
   * Returns whether results can have the {@linkplain BatchResult#withValues stored values} of rows.
   * If not, a flow with {@link BatchPolicy.Builder#returning} is not built. Defaults to true.
   */
  default boolean returnsValues() {
    return true;
  }

  /**
   * Returns whether writing a batch twice has the same effect as writing it once, so that the flow
   * may write it again after its result was lost. Defaults to {@link Batch#isRepeatable()}, which
   * suits tables with unique keys.
   */
  default boolean isRepeatable(Batch batch) {
    return batch.isRepeatable();
  }

  /**
   * Asks the backend to end the write of a batch that exceeded {@link
   * BatchFlow.Builder#writeTimeout}. The flow still waits for the result of the write, for {@link
   * BatchFlow.Builder#writeGrace}. Must not block. A failure is ignored. Does nothing by default.
   *
   * @param batch the same object that {@link #write} received
   */
  default Mono<Void> interrupt(Batch batch) {
    return Mono.empty();
  }

  /**
   * Withdraws a write of which nothing was sent yet, for example because it waits for a connection.
   * The flow calls this at {@link BatchFlow.Builder#writeTimeout} and at the deadline of {@link
   * BatchFlow#close(java.time.Duration)}. If it returns true, the batch counts as not sent instead
   * of unknown. Must neither block nor signal. Defaults to false.
   *
   * @param batch the same object that {@link #write} received
   * @return true if nothing of this write was sent, and nothing ever will be
   */
  default boolean withdraw(Batch batch) {
    return false;
  }

  /**
   * Ensures that a write whose result was lost is not applied later. Such a write may still be on
   * its way to the backend and could overwrite a newer row of the same key. A SQL writer ends the
   * session of the write.
   *
   * <p>Called for rows that overwrite others, after their write was cancelled or failed with {@link
   * FailureKind#UNKNOWN}. Until this ends, and for at most {@link BatchFlow.Builder#writeGrace},
   * the flow sends neither these rows nor newer rows of their keys. After an error or a timeout,
   * the flow calls it again before each further attempt.
   *
   * <p>Defaults to empty, for a writer without sessions. A write that ended by itself then counts
   * as over; a cancelled one does not. If a write is not over, its rows are not sent again and
   * their outcome is unknown.
   *
   * @param batch the same object that {@link #write} received
   * @return true once the write is either applied or never will be; false if that can never be
   *     known
   */
  default Mono<Boolean> abandon(Batch batch) {
    return Mono.empty();
  }

  /**
   * Returns the classifier of this writer's failures. Defaults to {@link
   * FailureClassifier#standard()}.
   */
  default FailureClassifier failureClassifier() {
    return FailureClassifier.standard();
  }

  /**
   * Returns OpenTelemetry's name of the backend, for traces: {@code postgresql}, {@code redis}.
   * Defaults to {@code other}.
   */
  default String system() {
    return "other";
  }

  /**
   * Returns the backend's own code of a failure, such as an SQLSTATE, for traces. It must not
   * contain values of a row. Defaults to null, which means no code.
   */
  default @Nullable String statusCode(Throwable failure) {
    return null;
  }

  /**
   * Returns what the backend reported about a failure, so that callers need no types of its driver.
   * It must not contain values of a row. Defaults to null, which means that nothing is known.
   */
  default @Nullable BackendError backendError(Throwable failure) {
    return null;
  }

  /**
   * Closes the resources that this writer opened itself, not those passed to it. The flow calls
   * this once, after its last batch. Does nothing by default.
   */
  default Mono<Void> close() {
    return Mono.empty();
  }
}
