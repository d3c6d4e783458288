package io.batchflow;

import org.jspecify.annotations.Nullable;

/** How one request of {@link BatchFlow#submitAll} ended. Immutable. */
public final class Outcome {

  /** The four ends that a request can come to. */
  public enum Status {
    /** Durable, as far as the backend promises it. */
    WRITTEN,
    /**
     * Surely not applied: the request or its row is at fault, or its batch could not be written.
     */
    REFUSED,
    /** Sent without a verdict: it may or may not be applied. */
    UNKNOWN,
    /** Never applied, as the flow closed, was full, or the delivery deadline passed. */
    NOT_SENT
  }

  private final Request request;

  /** The error, or the write that carried the row. */
  private final Object end;

  private final long queuedNanos;

  private Outcome(Request request, Object end, long queuedNanos) {
    this.request = request;
    this.end = end;
    this.queuedNanos = queuedNanos;
  }

  static Outcome written(Request request, WriteResult.Write write, long queuedNanos) {
    return new Outcome(request, write, queuedNanos);
  }

  static Outcome failed(Request request, BatchFlowException error) {
    return new Outcome(request, error, 0);
  }

  /** Returns the request, the very object that was submitted. */
  public Request request() {
    return request;
  }

  /** Returns how the request ended. */
  public Status status() {
    return end instanceof BatchFlowException error ? statusOf(error) : Status.WRITTEN;
  }

  /** Returns whether the row is written. */
  public boolean isWritten() {
    return end instanceof WriteResult.Write;
  }

  /** Returns the details of a written row; null where it was not written. */
  public @Nullable WriteResult result() {
    return end instanceof WriteResult.Write write ? new WriteResult(write, queuedNanos) : null;
  }

  /** Returns why the row was not written; null where it was. */
  public @Nullable BatchFlowException error() {
    return end instanceof BatchFlowException error ? error : null;
  }

  static Status statusOf(BatchFlowException error) {
    if (error instanceof UnknownOutcomeException) {
      return Status.UNKNOWN;
    }
    boolean notSent =
        error instanceof FlowClosedException
            || error instanceof RequestExpiredException
            || error instanceof QueueFullException;
    return notSent ? Status.NOT_SENT : Status.REFUSED;
  }

  @Override
  public String toString() {
    return "Outcome[table=" + request.schema().table() + ", status=" + status() + "]";
  }
}
