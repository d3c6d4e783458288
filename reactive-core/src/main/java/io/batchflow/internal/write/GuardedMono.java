package io.batchflow.internal.write;

import io.batchflow.internal.loop.Safely;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Signals errors that a source throws on subscription. Reactor's operators rethrow fatal errors,
 * such as a StackOverflowError, past every subscriber.
 */
public final class GuardedMono<T> extends Mono<T> {

  private final Supplier<? extends Mono<T>> source;

  private GuardedMono(Supplier<? extends Mono<T>> source) {
    this.source = source;
  }

  /** Like {@link Mono#defer}, but signals every thrown error. */
  public static <T> Mono<T> guarded(Supplier<? extends Mono<T>> source) {
    return onAssembly(new GuardedMono<>(source));
  }

  @Override
  public void subscribe(CoreSubscriber<? super T> actual) {
    Guard<T> guard = new Guard<>(actual);
    try {
      Objects.requireNonNull(source.get(), "The Mono is null").subscribe(guard);
    } catch (Throwable thrown) {
      guard.thrown(thrown);
    }
  }

  /** Passes on one terminal signal: the source's or the thrown error, whichever comes first. */
  private static final class Guard<T> implements CoreSubscriber<T> {

    private final CoreSubscriber<? super T> actual;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Subscription subscription;

    Guard(CoreSubscriber<? super T> actual) {
      this.actual = actual;
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      if (Operators.validate(this.subscription, subscription)) {
        this.subscription = subscription;
        actual.onSubscribe(subscription);
      }
    }

    @Override
    public void onNext(T value) {
      if (ended.compareAndSet(false, true)) {
        actual.onNext(value);
        actual.onComplete();
      }
    }

    @Override
    public void onError(Throwable error) {
      if (ended.compareAndSet(false, true)) {
        actual.onError(error);
      } else {
        Safely.drop(error);
      }
    }

    @Override
    public void onComplete() {
      if (ended.compareAndSet(false, true)) {
        actual.onComplete();
      }
    }

    void thrown(Throwable error) {
      if (subscription == null) {
        onSubscribe(Operators.emptySubscription());
      }
      onError(error);
    }
  }
}
