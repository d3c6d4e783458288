package io.batchflow.internal.submit;

import io.batchflow.Outcome;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.Inbox;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Passes the outcomes of a {@link RowStream} on to its subscriber: on one thread at a time, and no
 * more than requested.
 */
final class OutcomeEmitter<T> {

  private final RowStream<T> stream;
  private final CoreSubscriber<? super Outcome<T>> actual;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger emitting = new AtomicInteger();
  private final Inbox outcomes = new Inbox();

  /** Outcomes taken from the inbox and not yet passed on. Owned by the emitting thread. */
  private @Nullable Event ready;

  private boolean terminated;

  private volatile boolean badRequest;
  private volatile boolean cancelled;

  OutcomeEmitter(RowStream<T> stream, CoreSubscriber<? super Outcome<T>> actual) {
    this.stream = stream;
    this.actual = actual;
  }

  void request(long n) {
    if (n <= 0) {
      badRequest = true;
    } else {
      requested.accumulateAndGet(n, Operators::addCap);
    }
  }

  /** Passes on nothing more. */
  void cancel() {
    cancelled = true;
  }

  /** Adds ended rows, each linked to the previous one. */
  void post(RowStream.Element<T> newest, RowStream.Element<T> oldest) {
    outcomes.post(newest, oldest);
  }

  /** Passes on outcomes; returns at once if another thread is emitting. */
  void emit() {
    if (emitting.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    try {
      do {
        passOn();
        missed = emitting.addAndGet(-missed);
      } while (missed != 0);
    } catch (Throwable thrown) {
      stream.cancel(); // §2.13: a subscriber that throws counts as cancelled
      throw thrown;
    }
  }

  private void passOn() {
    long wanted = requested.get();
    int passed = 0;
    while (passed != wanted && !cancelled && !terminated && !badRequest) {
      RowStream.Element<T> element = nextOutcome();
      if (element == null) {
        break;
      }
      passed++;
      actual.onNext(element.outcome());
    }
    if (wanted != Long.MAX_VALUE) {
      requested.addAndGet(-passed);
    }
    int left = stream.passed(passed);
    if (cancelled || terminated) {
      ready = null;
      outcomes.takeAll();
    } else if (badRequest) {
      terminated = true;
      stream.cancel();
      actual.onError(new IllegalArgumentException("§3.9: request(n) requires n > 0"));
    } else if (stream.ended() != null && left == 0) {
      terminate();
    } else if (passed > 0) {
      stream.demand().askMore();
    }
  }

  private void terminate() {
    terminated = true;
    stream.terminated();
    if (stream.ended() instanceof Throwable error) {
      actual.onError(error);
    } else {
      actual.onComplete();
    }
  }

  @SuppressWarnings("unchecked") // only elements of the stream are posted
  private RowStream.@Nullable Element<T> nextOutcome() {
    if (ready == null) {
      ready = outcomes.takeAll();
    }
    RowStream.Element<T> element = (RowStream.Element<T>) ready;
    if (element != null) {
      ready = element.next;
      element.next = null;
    }
    return element;
  }
}
