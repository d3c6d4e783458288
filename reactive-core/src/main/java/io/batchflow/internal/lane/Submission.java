package io.batchflow.internal.lane;

import io.batchflow.BatchFlowException;
import io.batchflow.KeyEquality;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import io.batchflow.internal.loop.Event;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * One row in the flow and its caller: queue node, state and subscriber in one object.
 *
 * <pre>
 * NEW --start--> QUEUED --seal--> SEALED --tell--> DONE
 *  |               |                 |
 *  +---- cancel ---+--> WITHDRAWN    +-- cancel --> DETACHED (written, nobody told)
 * </pre>
 */
public abstract class Submission extends Event {

  public static final int NEW = 0;
  public static final int QUEUED = 1;
  public static final int SEALED = 2;
  public static final int DONE = 3;
  public static final int WITHDRAWN = 4;
  public static final int DETACHED = 5;

  private static final AtomicIntegerFieldUpdater<Submission> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Submission.class, "state");

  private static final AtomicReferenceFieldUpdater<Submission, Object> END =
      AtomicReferenceFieldUpdater.newUpdater(Submission.class, Object.class, "end");

  public final Row row;

  /** The flow's clock when the submission started, in nanoseconds. */
  public long submittedAt;

  /** The row's estimated size, kept here so that the drain need not read the row for it. */
  public int bytes;

  /** The room that it holds, in units of {@code Admission}. */
  public int units;

  /** Its position in the order of arrival of its table. */
  int arrival;

  /** The hash of its key, by the rule below. */
  int keyHash;

  /** The rule by which its key was last hashed; null if none was known. */
  @Nullable KeyEquality keys;

  /** Whether it holds room of the flow. A waiter and a row held by a paused table do not. */
  public boolean admitted;

  /** Whether its lane has counted it as admitted. */
  boolean counted;

  /** Whether it counts in the share of its table. */
  boolean shared;

  /** Whether it counts as waiting for the share of its table. */
  public boolean waitsForShare;

  public @Nullable FlushEpoch epoch;

  /** The window where it waits, or has waited, to be sealed; null before. */
  public @Nullable Window window;

  private volatile int state;

  private volatile @Nullable Object end;

  @SuppressWarnings("this-escape") // only a lazy write of a field
  public Submission(Row row, int state) {
    this.row = row;
    STATE.lazySet(this, state);
  }

  /** Hashes the key by a rule, or notes that only the backend can compare it. */
  public final void hashBy(KeyEquality equality) {
    Object key = equality.key(row);
    if (key == KeyEquality.UNCERTAIN) {
      keys = KeyEquality.byBackend();
      key = keys.key(row);
    } else {
      keys = equality;
    }
    keyHash = key == null ? 0 : key.hashCode();
  }

  @SuppressWarnings("ReferenceEquality") // a short cut
  final boolean isHashedBy(KeyEquality equality) {
    return keys == equality || equality.equals(keys);
  }

  protected final boolean move(int from, int to) {
    return state == from && STATE.compareAndSet(this, from, to);
  }

  public final boolean is(int candidate) {
    return state == candidate;
  }

  /** Changes the state if no other thread can change it. */
  public final boolean moveAlone(int from, int to) {
    boolean moves = state == from;
    if (moves) {
      STATE.lazySet(this, to);
    }
    return moves;
  }

  /** Claims the row for a batch or its outcome; false if withdrawn. Only for the drain. */
  public boolean seal() {
    return move(QUEUED, SEALED);
  }

  /** Sets the outcome. Only the first call has an effect. */
  public final void end(WriteResult.Write write) {
    END.compareAndSet(this, null, write);
  }

  /** Sets the outcome. Only the first call has an effect. */
  public final void end(BatchFlowException error) {
    END.compareAndSet(this, null, error.initRow(row));
  }

  /** Sets the outcome unless it is set, if no other thread can set it. */
  final void endAlone(WriteResult.Write write) {
    if (end == null) {
      END.lazySet(this, write);
    }
  }

  public final boolean hasEnded() {
    return end != null;
  }

  /** Returns why the row was not written; null if it was. */
  public final @Nullable BatchFlowException error() {
    return end instanceof BatchFlowException error ? error : null;
  }

  public final OutcomeStatus status() {
    BatchFlowException error = error();
    return error == null ? OutcomeStatus.WRITTEN : error.status();
  }

  /** Returns the write that carried a written row. */
  public final WriteResult.Write write() {
    return (WriteResult.Write) Objects.requireNonNull(end, "end");
  }

  public final long queuedNanos(long sealedAt) {
    return Math.max(0, sealedAt - submittedAt);
  }

  /** Whether its lane has counted it as admitted. A waiter is not. */
  public final boolean isCounted() {
    return counted;
  }

  /** Returns its own delivery timeout; 0 for that of the policy. */
  public abstract int deliveryMillis();

  /** Returns the receiver of the outcome; all rows of a stream have the same. */
  public abstract CoreSubscriber<?> caller();

  /** Returns the receiver of many rows; null for a single submission. */
  public @Nullable Receiver receiver() {
    return null;
  }

  /** Signals the outcome, on the flow's scheduler, unless the caller has cancelled. */
  public abstract void tell(long sealedAt);

  /** A caller of many rows. */
  public interface Receiver {

    /** Signals the outcomes of some adjacent rows, on the flow's scheduler. */
    void tell(Submission[] rows, int from, int to, long sealedAt);
  }

  /** A caller has cancelled a row that is not sealed. */
  public static final class Withdrawal extends Event {

    public final Submission row;

    public Withdrawal(Submission row) {
      this.row = row;
    }
  }

  /** A caller of many rows has cancelled all that are not sealed. */
  public static final class Cancellation extends Event {

    public final Receiver receiver;

    public Cancellation(Receiver receiver) {
      this.receiver = receiver;
    }
  }
}
