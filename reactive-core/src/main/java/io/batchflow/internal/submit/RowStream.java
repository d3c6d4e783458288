package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.internal.lane.Submission;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscription of {@link io.batchflow.BatchFlow#submitAll BatchFlow.submitAll}: subscriber of
 * the rows, subscription of the outcomes.
 *
 * <p>{@link UpstreamDemand} asks for rows as there is room. Outcomes that the downstream has not
 * taken count against the stream's fair share, so that they are bounded too.
 */
final class RowStream implements CoreSubscriber<Row>, Subscription, Submission.Receiver {

  private static final Object COMPLETE = new Object();

  private final Submitter submitter;
  private final Streams streams;
  private final CoreSubscriber<? super Outcome> actual;

  /** Rows come and not yet passed on as outcomes. */
  private final AtomicInteger open = new AtomicInteger();

  private final UpstreamDemand demand;

  /** Why no more rows come: {@code COMPLETE} or a Throwable. */
  private final AtomicReference<@Nullable Object> end = new AtomicReference<>();

  private final AtomicBoolean started = new AtomicBoolean();
  private final OutcomeEmitter emitter;

  RowStream(Submitter submitter, Streams streams, CoreSubscriber<? super Outcome> actual) {
    this.submitter = submitter;
    this.streams = streams;
    this.actual = actual;
    this.demand = new UpstreamDemand(submitter, streams, this, open);
    this.emitter = new OutcomeEmitter(this, actual);
  }

  @Override
  public Context currentContext() {
    return actual.currentContext();
  }

  // ---- rows, from upstream

  @Override
  public void onSubscribe(Subscription subscription) {
    if (Operators.validate(demand.upstream(), subscription)) {
      demand.start(subscription);
      streams.add(this);
      actual.onSubscribe(this);
    }
  }

  @Override
  public void onNext(Row row) {
    Objects.requireNonNull(row, "row");
    open.incrementAndGet(); // before the look at end: whoever ends the stream sees this element
    Element element = new Element(this, row);
    Object ended = end.get();
    if (ended instanceof BatchFlowException) {
      turnAway(element, FlowClosedException.notSent(row.schema().table()));
      return;
    }
    if (ended != null) {
      open.decrementAndGet();
      Operators.onNextDropped(row, currentContext());
      emitter.emit();
      return;
    }
    int reserved = demand.come();
    boolean hasRoom = reserved >= 0;
    BatchFlowException reason = hasRoom ? invalid(element) : unasked(row);
    if (reason == null) {
      admit(element, reserved);
    } else {
      if (hasRoom) {
        submitter.giveBack(1, reserved);
      }
      turnAway(element, reason);
    }
    demand.askMore();
  }

  /** Ends a row that was never admitted. */
  private void turnAway(Element element, BatchFlowException reason) {
    submitter.turnedAway(element.row, reason, this::currentContext);
    element.end(reason);
    element.tell(0);
  }

  private void admit(Element element, int reserved) {
    element.bytes = element.row.estimatedBytes();
    element.units = demand.charge(element.bytes, reserved);
    element.admitted = true;
    element.submittedAt = submitter.now();
    submitter.postRow(element);
  }

  private @Nullable BatchFlowException invalid(Element element) {
    try {
      element.row.freeze();
      return submitter.hashKey(element);
    } catch (InvalidRowException invalid) {
      return invalid;
    }
  }

  /** A row that comes after the stream was stopped, or from an upstream that was not asked. */
  private BatchFlowException unasked(Row row) {
    return demand.isStopped()
        ? FlowClosedException.notSent(row.schema().table())
        : submitter.full(row.schema());
  }

  @Override
  public void onError(Throwable error) {
    finish(Objects.requireNonNull(error, "error"));
  }

  @Override
  public void onComplete() {
    finish(COMPLETE);
  }

  private void finish(Object how) {
    if (end.compareAndSet(null, how)) {
      demand.stop();
      emitter.emit();
    } else if (how instanceof Throwable late) {
      Operators.onErrorDropped(late, currentContext());
    }
  }

  /** What has come is written, no more is asked for; ends with the reason. */
  void stop(BatchFlowException reason) {
    if (end.get() == null) {
      finish(reason);
      demand.cancelUpstream();
    }
  }

  /** The source threw when it was asked: what has come is written, and the stream fails. */
  void fail(Throwable thrown) {
    finish(thrown);
    demand.cancelUpstream();
  }

  UpstreamDemand demand() {
    return demand;
  }

  // ---- outcomes, to downstream

  @Override
  public void request(long n) {
    emitter.request(n);
    if (n > 0 && started.compareAndSet(false, true)) {
      demand.askMore();
    }
    emitter.emit();
  }

  @Override
  public void cancel() {
    emitter.cancel();
    streams.remove(this);
    demand.cancelUpstream();
    end.compareAndSet(null, COMPLETE);
    demand.stop();
    submitter.post(new Submission.Cancellation(this));
    emitter.emit();
  }

  /** Passes on the ends of some of its rows, which stand together. */
  @Override
  public void tell(Submission[] rows, int from, int to, long sealedAt) {
    for (int i = from; i < to; i++) {
      ((Element) rows[i]).settle(sealedAt);
      rows[i].next = i == from ? null : rows[i - 1];
    }
    emitter.post((Element) rows[to - 1], (Element) rows[from]);
    emitter.emit();
  }

  /** So many outcomes were passed on. Returns how many rows of it are still without. */
  int passed(int outcomes) {
    return open.addAndGet(-outcomes);
  }

  /** Returns why no more rows come; null while they may. */
  @Nullable Object ended() {
    return end.get();
  }

  /** All outcomes have been passed on, and no more rows come. */
  void terminated() {
    streams.remove(this);
  }

  /** One row of a stream; withdrawn by the drain, when the stream is cancelled. */
  static final class Element extends Submission {

    private final RowStream stream;
    private @Nullable Outcome outcome;

    Element(RowStream stream, Row row) {
      super(row, QUEUED);
      this.stream = stream;
    }

    @Override
    public CoreSubscriber<?> caller() {
      return stream.actual;
    }

    @Override
    public Receiver receiver() {
      return stream;
    }

    /** Nobody else moves it: a stream that is cancelled leaves that to the drain. */
    @Override
    public boolean seal() {
      return moveAlone(QUEUED, SEALED);
    }

    Outcome outcome() {
      return Objects.requireNonNull(outcome, "outcome");
    }

    @Override
    public void tell(long sealedAt) {
      stream.tell(new Submission[] {this}, 0, 1, sealedAt);
    }

    private void settle(long sealedAt) {
      BatchFlowException error = error();
      outcome =
          error != null
              ? Outcome.failed(row, error)
              : Outcome.written(row, write(), queuedNanos(sealedAt));
    }
  }
}
