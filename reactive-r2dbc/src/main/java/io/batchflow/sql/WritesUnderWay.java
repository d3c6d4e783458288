package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The writes of a writer whose outcome is not known: those in flight, and those that ended without
 * an answer, for as long as anyone holds their batch. For authors of writers over {@link
 * SqlDialect}. Safe for any thread.
 *
 * @param <W> what the writer knows of a write
 */
public final class WritesUnderWay<W> {

  private final Map<Batch, W> writes = Collections.synchronizedMap(new WeakHashMap<>());
  private final Function<W, SendState> state;
  private final FailureClassifier failures;

  /**
   * Starts with no writes.
   *
   * @param state returns whether anything of a write was sent
   */
  public WritesUnderWay(Function<W, SendState> state, FailureClassifier failures) {
    this.state = state;
    this.failures = failures;
  }

  /** Adds a write that begins. */
  public void begin(Batch batch, W write) {
    writes.put(batch, write);
  }

  /** Returns the write of a batch; null if its outcome is known. */
  public @Nullable W of(Batch batch) {
    return writes.get(batch);
  }

  /** Removes a write whose outcome is known. */
  public void end(Batch batch) {
    writes.remove(batch);
  }

  /** Removes a write that was given up, unless something of it may have been sent. */
  public void giveUp(Batch batch, W write) {
    if (!state.apply(write).isSent()) {
      writes.remove(batch);
    }
  }

  /**
   * Takes the failure of a write and returns the one to signal. If the session was lost before
   * anything was sent, that is a failure which says so.
   */
  public Throwable fail(Batch batch, W write, Throwable failure) {
    boolean lost = failures.classify(failure) == FailureKind.UNKNOWN;
    if (lost && state.apply(write).isSent()) {
      return failure;
    }
    writes.remove(batch);
    return lost ? SqlWriteException.notSent(batch.schema(), failure) : failure;
  }

  /** Withdraws a write. Returns whether nothing of it was sent, and nothing will be. */
  public boolean withdraw(Batch batch) {
    W write = writes.get(batch);
    return write != null && state.apply(write).withdraw();
  }
}
