package io.batchflow.mediator.behavior;

import io.batchflow.mediator.Behavior;
import io.batchflow.mediator.Delivery;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Common behaviors. */
public final class Behaviors {

  private Behaviors() {}

  /**
   * Returns a behavior that checks each message before it is handled.
   *
   * @param check throws if the message is invalid, which is the failure of the call; must not block
   */
  public static Behavior validation(Consumer<Object> check) {
    return new Validation(Objects.requireNonNull(check, "check"));
  }

  /**
   * Returns a behavior that cancels a call after a time. It fails with {@link
   * java.util.concurrent.TimeoutException}. A request that is handled in a list by then still has
   * its effect.
   */
  public static Behavior timeout(Duration time) {
    return timeout(time, Schedulers.parallel());
  }

  /** Returns such a behavior, whose timers run on the given scheduler. */
  public static Behavior timeout(Duration time, Scheduler scheduler) {
    return new Timeout(
        Objects.requireNonNull(time, "time"), Objects.requireNonNull(scheduler, "scheduler"));
  }

  /**
   * Returns a behavior that repeats failed calls. Filter the failures by {@code Retry.filter}: a
   * handler may have had its effect although it failed.
   */
  public static Behavior retry(Retry retry) {
    return new Retrying(Objects.requireNonNull(retry, "retry"));
  }

  /** Returns a behavior that applies another one to some messages only, such as to one type. */
  public static Behavior when(Predicate<Delivery> condition, Behavior behavior) {
    return new Conditional(
        Objects.requireNonNull(condition, "condition"),
        Objects.requireNonNull(behavior, "behavior"));
  }

  private record Validation(Consumer<Object> check) implements Behavior {

    @Override
    public <R> Mono<R> around(Delivery delivery, Mono<R> call) {
      return Mono.defer(
          () -> {
            check.accept(delivery.message());
            return call;
          });
    }
  }

  private record Timeout(Duration time, Scheduler scheduler) implements Behavior {

    @Override
    public <R> Mono<R> around(Delivery delivery, Mono<R> call) {
      return call.timeout(time, scheduler);
    }
  }

  private record Retrying(Retry retry) implements Behavior {

    @Override
    public <R> Mono<R> around(Delivery delivery, Mono<R> call) {
      return call.retryWhen(retry);
    }
  }

  private record Conditional(Predicate<Delivery> condition, Behavior behavior) implements Behavior {

    @Override
    public <R> Mono<R> around(Delivery delivery, Mono<R> call) {
      return condition.test(delivery) ? behavior.around(delivery, call) : call;
    }
  }
}
