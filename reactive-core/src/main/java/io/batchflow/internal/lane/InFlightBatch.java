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
import io.batchflow.stats.TableError;
import io.batchflow.unit.Unit;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
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

  /** Of the rows without an outcome, no attempt so far has applied any. */
  private static final Object CLEAR = new Object();

  /** Something was sent, and its result was lost. */
  private static final Object IN_DOUBT = new Object();

  /** The deadline of close came before the next attempt. */
  private static final Object ABANDONED = new Object();

  /** The windows that its rows come from. */
  final List<Window> windows;

  /** The estimated size of its rows. */
  final long bytes;

  public final SealReason reason;
  public final long sealedAt;

  /** Runs the tasks of this batch; ends the batch if one of them throws. */
  private @Nullable Scheduler scheduler;

  /** How often its batch was merged by a rule for keys that had changed. */
  public int staleKeys;

  /** Whether it has lent its slot. Only {@link Slots} uses it. */
  boolean hasLentSlot;

  /** In the order of submission. */
  private final Submission[] rows;

  /**
   * Set once, by the write path or at the deadline of close. The one that sets it counts the rows.
   */
  private final AtomicBoolean settled = new AtomicBoolean();

  /**
   * The batch of the attempt under way, or one of the states above. An attempt and the deadline of
   * close compete for it: the first decides whether the batch is sent.
   */
  private final AtomicReference<Object> sent = new AtomicReference<>(WAITING);

  private @Nullable KeyEquality equality;
  private boolean rowsToBlame;
  private int mergedRows;

  /** The number of rows by their outcome, counted by the thread that settles. */
  private final Map<OutcomeStatus, Integer> failed = new EnumMap<>(OutcomeStatus.class);

  private int written;

  private @Nullable BatchFlowException lastError;

  /** What the rows are charged, in {@code Admission}'s units. */
  private final long units;

  /**
   * The write of all rows, if none was merged. The outcomes of its rows are set when they are told,
   * since another pass over a thousand rows would cost as much as encoding them.
   */
  private volatile WriteResult.@Nullable Write whole;

  InFlightBatch(List<Window> windows, List<Submission> rows, SealReason reason, long sealedAt) {
    this.windows = windows;
    this.rows = rows.toArray(new Submission[0]);
    long sumOfUnits = 0;
    long sumOfBytes = 0;
    for (Submission row : rows) {
      sumOfUnits += row.units;
      sumOfBytes += row.bytes;
    }
    this.units = sumOfUnits;
    this.bytes = sumOfBytes;
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

  long submittedLast() {
    return rows[rows.length - 1].submittedAt;
  }

  /** Some row was written, or rejected for its content: further failures are blamed on rows. */
  public void blameRows() {
    rowsToBlame = true;
  }

  public boolean rowsToBlame() {
    return rowsToBlame;
  }

  /** Keeps the latest rule for keys of the writer. */
  public void comparedBy(KeyEquality equality) {
    this.equality = equality;
  }

  /** Returns the latest rule for keys of the writer; null if it has none. */
  @Nullable KeyEquality equality() {
    return equality;
  }

  /** Counts rows that were merged into another. The writes of one batch do not overlap. */
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

  /** Returns true to the first caller, which settles this batch. */
  public boolean settle() {
    return settled.compareAndSet(false, true);
  }

  public boolean isSettled() {
    return settled.get();
  }

  /**
   * Ends all rows that have no outcome yet, at the deadline of close.
   *
   * @param withdrawn takes back the attempt under way; false if something of it may have been sent
   */
  public void abandon(Predicate<Batch> withdrawn, Supplier<BatchFlowException> notSent) {
    Object last = sent.getAndSet(ABANDONED);
    boolean unknown = last == IN_DOUBT || (last instanceof Batch batch && !withdrawn.test(batch));
    endRest(row -> unknown ? UnknownOutcomeException.closed(Unit.tables(row.row)) : notSent.get());
  }

  /**
   * Ends all rows that the write path left without an outcome, so that no caller waits for ever.
   */
  public void endRest(@Nullable Throwable failure) {
    Throwable reason = failure != null ? failure : new IllegalStateException("no end");
    endRest(row -> noEnd(row, reason));
  }

  private void endRest(Function<Submission, BatchFlowException> end) {
    if (whole != null) {
      written = rows.length;
      return;
    }
    for (Submission row : rows) {
      if (!row.hasEnded()) {
        row.end(end.apply(row));
      }
      count(row);
    }
  }

  /** A batch that close withholds ends here, as its first attempt is not made. */
  private BatchFlowException noEnd(Submission row, Throwable failure) {
    Object last = sent.get();
    String table = Unit.tables(row.row);
    if (last == ABANDONED) {
      return FlowClosedException.notSent(table);
    }
    return last == WAITING
        ? new BatchWriteException(table, rows.length, 0, failure)
        : UnknownOutcomeException.noVerdict(table, failure);
  }

  /** Done here and not in the drain, which would have to load each row once more. */
  private void count(Submission row) {
    BatchFlowException error = row.error();
    if (error == null) {
      written++;
    } else {
      lastError = error;
      failed.merge(row.status(), 1, Integer::sum);
    }
  }

  /** Returns the rows, each with its outcome. Only after they are settled. */
  public Submission[] ended() {
    WriteResult.Write write = whole;
    if (write != null) {
      for (Submission row : rows) {
        row.endAlone(write);
      }
    }
    return rows;
  }

  /** Adds the outcomes of all rows to the counters of the lane; both times are the present. */
  public void account(long now, Instant at) {
    LaneAccount account = lane().account;
    account.ended(OutcomeStatus.WRITTEN, written);
    failed.forEach(account::ended);
    account.merged(mergedRows);
    if (written > 0) {
      account.wrote(written, now, at.toEpochMilli());
    }
    if (lastError != null) {
      account.failed(describe(lastError, at));
    }
  }

  private static TableError describe(BatchFlowException error, Instant at) {
    Throwable cause = error.getCause();
    String type = (cause == null ? error : cause).getClass().getName();
    return new TableError(at, type, String.valueOf(error.getMessage()));
  }

  public long units() {
    return units;
  }
}
