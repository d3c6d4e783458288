package io.batchflow;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link BatchFlow#submit}: each subscription is one {@link Submission}. */
final class SubmitMono extends Mono<WriteResult> {

  private final Engine engine;
  private final Request request;

  private SubmitMono(Engine engine, Request request) {
    this.engine = engine;
    this.request = request;
  }

  static Mono<WriteResult> of(Engine engine, Request request) {
    return onAssembly(new SubmitMono(engine, request));
  }

  @Override
  public void subscribe(CoreSubscriber<? super WriteResult> actual) {
    if (engine.admission.isClosed()) {
      FlowClosedException closed = engine.intake.closed(request.schema());
      engine.intake.turnedAway(request, closed, actual::currentContext);
      Operators.error(actual, closed);
    } else {
      actual.onSubscribe(new Single(engine, request, actual));
    }
  }

  /** Starts at the first request, so that its result never has to wait for demand. */
  static final class Single extends Submission implements Subscription {

    private final Engine engine;
    private final CoreSubscriber<? super WriteResult> actual;

    Single(Engine engine, Request request, CoreSubscriber<? super WriteResult> actual) {
      super(request, NEW);
      this.engine = engine;
      this.actual = actual;
    }

    @Override
    CoreSubscriber<?> caller() {
      return actual;
    }

    @Override
    public void request(long n) {
      if (Operators.validate(n) && move(NEW, QUEUED)) {
        engine.intake.admit(this);
      }
    }

    @Override
    public void cancel() {
      if (move(NEW, WITHDRAWN)) {
        return;
      }
      if (move(QUEUED, WITHDRAWN)) {
        engine.intake.post(new Withdrawal(this));
      } else {
        move(SEALED, DETACHED);
      }
    }

    @Override
    void tell(long sealedAt) {
      if (!move(SEALED, DONE)) {
        return;
      }
      BatchFlowException error = error();
      if (error != null) {
        actual.onError(error);
      } else {
        actual.onNext(new WriteResult(write(), queuedNanos(sealedAt)));
        actual.onComplete();
      }
    }

    /** Ends a submission that was never admitted, on the thread that started it. */
    void turnAway(BatchFlowException reason) {
      if (move(QUEUED, DONE)) {
        actual.onError(reason);
      }
    }
  }

  /** The caller no longer wants a row that was not sealed yet. */
  private static final class Withdrawal extends Event {

    private final Single submission;

    Withdrawal(Single submission) {
      this.submission = submission;
    }

    @Override
    void happen(Engine engine) {
      engine.withdraw(submission);
    }
  }
}
