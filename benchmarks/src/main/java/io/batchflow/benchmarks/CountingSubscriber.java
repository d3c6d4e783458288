package io.batchflow.benchmarks;

import io.batchflow.WriteResult;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Awaits the outcome of one row and counts it. A row that fails is not counted. */
final class CountingSubscriber implements CoreSubscriber<WriteResult> {

  private final AtomicLong done;

  CountingSubscriber(AtomicLong done) {
    this.done = done;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(WriteResult result) {}

  @Override
  public void onError(Throwable error) {
    throw new IllegalStateException(error);
  }

  @Override
  public void onComplete() {
    done.incrementAndGet();
  }
}
