package io.batchflow.coalesce;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link BatchHandler} answers to one call: a value, nothing, or a failure. Immutable.
 *
 * @param <R> the type of the value
 */
public final class Reply<R> {

  private static final Reply<?> EMPTY = new Reply<>(null, null);

  private final @Nullable R value;
  private final @Nullable Throwable failure;

  private Reply(@Nullable R value, @Nullable Throwable failure) {
    this.value = value;
    this.failure = failure;
  }

  /** Returns the reply with a value: the caller's {@code Mono} has it. */
  public static <R> Reply<R> of(R value) {
    return new Reply<>(Objects.requireNonNull(value, "value"), null);
  }

  /** Returns the reply without a value: the caller's {@code Mono} is empty. */
  @SuppressWarnings("unchecked") // it has no value
  public static <R> Reply<R> empty() {
    return (Reply<R>) EMPTY;
  }

  /**
   * Returns the failure of this call alone. The call had no effect, unless the flow's {@link
   * io.batchflow.FailureClassifier} says otherwise: this also decides whether it is sent again.
   */
  public static <R> Reply<R> failed(Throwable failure) {
    return new Reply<>(null, Objects.requireNonNull(failure, "failure"));
  }

  /** Returns the value; null if there is none, or if the call failed. */
  public @Nullable R value() {
    return value;
  }

  /** Returns why the call failed; null if it did not. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Names the kind of the reply, never its value. */
  @Override
  public String toString() {
    if (failure != null) {
      return "Reply[failed=" + failure.getClass().getSimpleName() + "]";
    }
    return value == null ? "Reply[empty]" : "Reply[value]";
  }
}
