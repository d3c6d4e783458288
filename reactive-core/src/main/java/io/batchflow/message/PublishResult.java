package io.batchflow.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of one message of a batch. Immutable. */
public final class PublishResult {

  /** The kinds of results. */
  public enum Status {
    /** The message is durable at its destination. */
    PUBLISHED,
    /** It may be, or may not be, at its destination. It is published again later. */
    FAILED,
    /** It can never be published. */
    REJECTED,
    /** It was not tried, since an earlier message of its key failed. */
    SKIPPED
  }

  private static final PublishResult PUBLISHED = new PublishResult(Status.PUBLISHED, null);
  private static final PublishResult SKIPPED = new PublishResult(Status.SKIPPED, null);

  private final Status status;
  private final @Nullable Throwable failure;

  private PublishResult(Status status, @Nullable Throwable failure) {
    this.status = status;
    this.failure = failure;
  }

  /** Returns the result of a message that is durable at its destination. */
  public static PublishResult published() {
    return PUBLISHED;
  }

  /** Returns the result of a message that is published again later. */
  public static PublishResult failed(Throwable failure) {
    return new PublishResult(Status.FAILED, Objects.requireNonNull(failure, "failure"));
  }

  /** Returns the result of a message that can never be published. */
  public static PublishResult rejected(Throwable failure) {
    return new PublishResult(Status.REJECTED, Objects.requireNonNull(failure, "failure"));
  }

  /** Returns the result of a message that was not tried, as an earlier one of its key failed. */
  public static PublishResult skipped() {
    return SKIPPED;
  }

  /** Returns the kind of the result. */
  public Status status() {
    return status;
  }

  /** Returns why the message is not published; null unless it failed or was rejected. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Names the kind of the result and the class of the failure. */
  @Override
  public String toString() {
    String cause = failure == null ? "" : ", failure=" + failure.getClass().getSimpleName();
    return "PublishResult[" + status + cause + "]";
  }
}
