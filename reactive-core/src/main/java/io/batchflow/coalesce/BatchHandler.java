package io.batchflow.coalesce;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Handles many calls at once, for a {@link Coalescer}. The static methods make handlers of plain
 * functions.
 *
 * <p>The contract:
 *
 * <ul>
 *   <li>The reply to each call has the position of the call. A call without a reply fails with a
 *       {@link CallFailedException} that names the handler, and so do all calls if there are more
 *       or fewer replies than calls.
 *   <li>An error means that no call had an effect, unless the flow's {@link
 *       io.batchflow.FailureClassifier} classifies it as {@link io.batchflow.FailureKind#UNKNOWN}.
 *       The coalescer then calls the handler with smaller lists, until the calls that are the
 *       reason fail alone. So a handler that changes something does it in one transaction.
 *   <li>The coalescer calls the handler on the flow's scheduler, up to {@code concurrency} times at
 *       once. The handler must not block.
 * </ul>
 *
 * @param <C> the type of the calls
 * @param <R> the type of the values that callers get
 */
@FunctionalInterface
public interface BatchHandler<C, R> {

  /**
   * Handles calls; nothing happens before the subscription.
   *
   * @param calls at least one; unmodifiable
   * @return one reply for each call, in the order of the calls
   */
  Mono<List<Reply<R>>> handle(List<C> calls);

  /**
   * Returns a handler of a function whose results have the positions of their calls. A null among
   * them is no reply.
   */
  static <C, R> BatchHandler<C, R> byPosition(
      Function<? super List<C>, ? extends Mono<? extends List<? extends @Nullable R>>> function) {
    Objects.requireNonNull(function, "function");
    return calls -> function.apply(calls).map(values -> replies(values, null));
  }

  /**
   * Returns a handler of a function whose results have their calls as keys. A call that is not
   * among the keys has no reply, and fails.
   */
  static <C, R> BatchHandler<C, R> byKey(
      Function<? super List<C>, ? extends Mono<? extends Map<? extends C, ? extends R>>> function) {
    return byKey(function, null);
  }

  /**
   * Returns a handler of a function that looks something up. Its results have their calls as keys.
   * For a call that is not among the keys, nothing was found, and the caller's {@code Mono} is
   * empty.
   */
  static <C, R> BatchHandler<C, R> lookup(
      Function<? super List<C>, ? extends Mono<? extends Map<? extends C, ? extends R>>> function) {
    return byKey(function, Reply.empty());
  }

  private static <C, R> BatchHandler<C, R> byKey(
      Function<? super List<C>, ? extends Mono<? extends Map<? extends C, ? extends R>>> function,
      @Nullable Reply<R> absent) {
    Objects.requireNonNull(function, "function");
    return calls ->
        function
            .apply(calls)
            .map(
                values -> {
                  List<@Nullable R> found = new ArrayList<>(calls.size());
                  calls.forEach(call -> found.add(values.get(call)));
                  return replies(found, absent);
                });
  }

  /**
   * @param absent the reply instead of a null
   */
  private static <R> List<Reply<R>> replies(
      List<? extends @Nullable R> values, @Nullable Reply<R> absent) {
    List<Reply<R>> replies = new ArrayList<>(values.size());
    for (R value : values) {
      replies.add(value == null ? absent : Reply.of(value));
    }
    return replies;
  }
}
