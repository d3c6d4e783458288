package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.StaleKeysException;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.loop.Safely;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One write of one batch against the clock: at its deadline it is withdrawn where nothing of it was
 * sent, else interrupted, and given up after a grace. For any thread.
 */
final class TimedWrite {

  private final BatchWriter writer;
  private final FailureMeaning failures;
  private final Duration timeout;
  private final Duration grace;

  TimedWrite(FlowConfig config, FailureMeaning failures) {
    this.writer = config.writer;
    this.failures = failures;
    this.timeout = config.writeTimeout;
    this.grace = config.writeGrace;
  }

  /**
   * Writes a batch. Empty if close keeps it back.
   *
   * @param merged the rule by which its rows were merged
   * @return fails with {@link StaleKeysException} if another rule holds
   */
  Mono<BatchResult> write(InFlightBatch delivery, KeyEquality merged, Batch batch) {
    Schema schema = batch.schema();
    AtomicBoolean decided = new AtomicBoolean();
    Mono<BatchResult> write =
        Mono.defer(
            () ->
                decided.compareAndSet(false, true)
                    ? written(delivery, merged, batch)
                    : Mono.never());
    boolean known = schema.conflictKey().isEmpty() || writer.keyEquality(schema) != null;
    return Mono.firstWithSignal(
        known ? write : lookedUp(schema).then(write),
        overdue(batch, decided, delivery.scheduler()));
  }

  /** A session that is lost before it was sent anything has lost nothing. */
  private Mono<Void> lookedUp(Schema schema) {
    return Mono.defer(() -> writer.lookUp(schema))
        .onErrorMap(
            failure -> failures.of(failure) == FailureKind.UNKNOWN,
            failure -> NoVerdictException.notLookedUp(failure));
  }

  /** Returns how the backend compares keys, as far as that is known. */
  KeyEquality rule(Schema schema) {
    KeyEquality known = schema.conflictKey().isEmpty() ? null : writer.keyEquality(schema);
    return known == null ? KeyEquality.byBackend() : known;
  }

  private Mono<BatchResult> written(InFlightBatch delivery, KeyEquality merged, Batch batch) {
    KeyEquality rule = rule(batch.schema());
    delivery.comparedBy(rule);
    if (!rule.equals(merged)) {
      return Mono.error(new StaleKeysException(batch.schema()));
    }
    return delivery.send(batch)
        ? written(batch).switchIfEmpty(Mono.error(NoVerdictException::absent))
        : Mono.empty();
  }

  /** Reactor would let errors through to the scheduler, and nobody would be told. */
  private Mono<BatchResult> written(Batch batch) {
    Mono<BatchResult> write;
    try {
      write = Objects.requireNonNull(writer.write(batch), "BatchWriter.write returned null");
    } catch (Error broken) {
      // Nothing was sent: a write begins with its subscription.
      return Mono.error(new IllegalStateException("BatchWriter.write threw an error", broken));
    }
    return GuardedMono.guarded(() -> write);
  }

  /**
   * At the deadline withdraws a write of which nothing was sent; else ends it.
   *
   * @param decided whether the write has begun, or never does
   */
  private Mono<BatchResult> overdue(Batch batch, AtomicBoolean decided, Scheduler scheduler) {
    return Mono.delay(timeout, scheduler)
        .then(
            Mono.defer(
                () ->
                    decided.compareAndSet(false, true) || withdraw(batch)
                        ? Mono.error(NoVerdictException.notSent(timeout))
                        : interrupted(batch, scheduler)));
  }

  /** Asks the writer to end the write, and after a grace gives it up. */
  private Mono<BatchResult> interrupted(Batch batch, Scheduler scheduler) {
    Mono<Void> ignored = Mono.never();
    return Mono.firstWithSignal(
            Mono.delay(grace, scheduler).then(),
            GuardedMono.guarded(() -> writer.interrupt(batch)).onErrorComplete().then(ignored))
        .then(Mono.error(() -> NoVerdictException.late(timeout)));
  }

  /** Returns whether nothing of a batch was sent, and nothing will be. */
  boolean withdraw(Batch batch) {
    try {
      return writer.withdraw(batch);
    } catch (Throwable thrown) {
      Safely.drop(thrown);
      return false;
    }
  }
}
