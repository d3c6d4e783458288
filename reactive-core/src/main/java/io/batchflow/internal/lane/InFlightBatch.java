package io.batchflow.internal.lane;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchWriteException;
import io.batchflow.FailureKind;
import io.batchflow.FlowClosedException;
import io.batchflow.KeyEquality;
import io.batchflow.OutcomeStatus;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import io.batchflow.internal.loop.Event;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * A sealed batch on its way through the {@code WritePath}, until each of its rows has an end.
 * Posted as an event when it is done, it gives back its slot and its room, and then tells the
 * callers.
 */
public final class InFlightBatch extends Event {

  /** No attempt has begun. */
  private static final Object WAITING = new Object();

  /** Nothing of the attempts so far is applied, as far as their rows have no end. */
  private static final Object CLEAR = new Object();

  /** Something was sent whose verdict was lost. */
  private static final Object IN_DOUBT = new Object();

  /** The deadline of close came before the next attempt. */
  private static final Object ABANDONED = new Object();

  /** The windows that its rows come from. */
  final List<Window> windows;

  public final SealReason reason;
  public final long sealedAt;

  /** Ends this batch if one of its tasks throws. */
  private @Nullable Scheduler scheduler;

  /** How often its batches were made by a rule that did not hold any more. */
  public int staleKeys;

  /** Whether others may write meanwhile; for {@link Slots} alone. */
  boolean hasLentSlot;

  /** In the order of submission. */
  private final Submission[] rows;

  /** Whoever sets it, the write path or the deadline of close, has the rows counted. */
  private final AtomicBoolean settled = new AtomicBoolean();

  /**
   * What may be applied without our knowing: the batch of the attempt under way, or one of those
   * above. Whichever comes first, an attempt or the deadline of close, decides whether it is sent.
   */
  private final AtomicReference<Object> sent = new AtomicReference<>(WAITING);

  private @Nullable KeyEquality equality;
  private boolean rowsToBlame;
  private int mergedRows;

  /** How many rows ended how: counted by whoever settles. */
  private final Map<OutcomeStatus, Integer> failed = new EnumMap<>(OutcomeStatus.class);

  private int written;

  /** What the rows are charged, in {@code Admission}'s units. */
  private final long units;

  /**
   * Set where one write has carried all rows, each by itself: their ends, which are set when they
   * are told, as to touch each of a thousand rows once more costs as much as to encode it.
   */
  private volatile WriteResult.@Nullable Write whole;

  InFlightBatch(List<Window> windows, List<Submission> rows, SealReason reason, long sealedAt) {
    this.windows = windows;
    this.rows = rows.toArray(new Submission[0]);
    this.units = rows.stream().mapToLong(row -> row.units).sum();
    this.reason = reason;
    this.sealedAt = sealedAt;
  }

  public Lane lane() {
    return windows.get(0).lane;
  }

  public Schema schema() {
    return lane().schema;
  }

  public int size() {
    return rows.length;
  }

  public Submission[] rows() {
    return rows;
  }

  /** Sets where everything of this batch runs. Called before all else. */
  public void runsOn(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  public Scheduler scheduler() {
    return Objects.requireNonNull(scheduler, "scheduler");
  }

  public long submittedFirst() {
    return rows[0].submittedAt;
  }

  /** Some row was written, or rejected for its content: whatever else fails is a row's fault. */
  public void blameRows() {
    rowsToBlame = true;
  }

  public boolean rowsToBlame() {
    return rowsToBlame;
  }

  /** Keeps the rule that the writer named last. */
  public void comparedBy(KeyEquality equality) {
    this.equality = equality;
  }

  /** Returns the rule that the writer named last; null if it could not. */
  @Nullable KeyEquality equality() {
    return equality;
  }

  /** Counts rows that travelled inside another; its writes come one after the other. */
  public void merged(int rows) {
    mergedRows += rows;
  }

  /** Ends all rows, unless the deadline of close has ended them. */
  public void written(WriteResult.Write write) {
    whole = write;
  }

  /** Called before each attempt. Returns false if close gave the batch up before that. */
  public boolean send(Batch batch) {
    return sent.updateAndGet(now -> isFinal(now) ? now : batch) != ABANDONED;
  }

  /** Called after each attempt that failed. */
  public void failed(FailureKind kind) {
    Object then = kind == FailureKind.UNKNOWN ? IN_DOUBT : CLEAR;
    sent.updateAndGet(now -> isFinal(now) ? now : then);
  }

  private static boolean isFinal(Object sent) {
    return sent == ABANDONED || sent == IN_DOUBT;
  }

  /** Keeps a batch back of which no attempt has begun. Returns false if one has. */
  public boolean withhold() {
    return sent.compareAndSet(WAITING, ABANDONED) || sent.get() == ABANDONED;
  }

  /** Returns whether the caller is the one who settles this delivery. */
  public boolean settle() {
    return settled.compareAndSet(false, true);
  }

  public boolean isSettled() {
    return settled.get();
  }

  /**
   * Ends whatever rows have no end yet, at the deadline of close.
   *
   * @param withdrawn takes back the attempt under way; false if something of it may have been sent
   */
  public void abandon(Predicate<Batch> withdrawn, Supplier<BatchFlowException> notSent) {
    Object last = sent.getAndSet(ABANDONED);
    boolean unknown = last == IN_DOUBT || (last instanceof Batch batch && !withdrawn.test(batch));
    endRest(() -> unknown ? UnknownOutcomeException.closed(schema().table()) : notSent.get());
  }

  /**
   * Ends whatever rows the write path left without an end: no caller may hang by a fault of ours.
   */
  public void endRest(@Nullable Throwable failure) {
    endRest(() -> noEnd(failure != null ? failure : new IllegalStateException("no end")));
  }

  private void endRest(Supplier<BatchFlowException> end) {
    if (whole != null) {
      written = rows.length;
      return;
    }
    for (Submission row : rows) {
      if (!row.hasEnded()) {
        row.end(end.get());
      }
      count(row);
    }
  }

  /** A batch that close withholds may come here first, as its first attempt is not made. */
  private BatchFlowException noEnd(Throwable failure) {
    Object last = sent.get();
    if (last == ABANDONED) {
      return FlowClosedException.notSent(schema().table());
    }
    return last == WAITING
        ? new BatchWriteException(schema().table(), rows.length, 0, failure)
        : UnknownOutcomeException.noVerdict(schema().table(), failure);
  }

  /** Here and not in the drain, to which it would have to bring each row once more. */
  private void count(Submission row) {
    if (row.error() == null) {
      written++;
    } else {
      failed.merge(row.status(), 1, Integer::sum);
    }
  }

  /** Returns the rows, each with its end; only when they are settled. */
  public Submission[] ended() {
    WriteResult.Write write = whole;
    if (write != null) {
      for (Submission row : rows) {
        row.endAlone(write);
      }
    }
    return rows;
  }

  /** Books every row's end with its lane. */
  public void account() {
    lane().ended(OutcomeStatus.WRITTEN, written);
    failed.forEach(lane()::ended);
    lane().merged(mergedRows);
  }

  public long units() {
    return units;
  }
}
