package io.batchflow.internal.submit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Counts the signals of one subscription, and requests nothing. */
public class Signals<T> implements CoreSubscriber<T> {

  public final AtomicInteger values = new AtomicInteger();
  public final AtomicInteger ends = new AtomicInteger();
  final AtomicReference<@Nullable T> last = new AtomicReference<>();
  final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();

  @Override
  public void onSubscribe(Subscription subscription) {}

  @Override
  public void onNext(T value) {
    last.set(value);
    values.incrementAndGet();
  }

  @Override
  public void onError(Throwable failure) {
    error.set(failure);
    ends.incrementAndGet();
  }

  @Override
  public void onComplete() {
    ends.incrementAndGet();
  }

  @Override
  public String toString() {
    return values + " values, " + ends + " ends, " + error;
  }
}
