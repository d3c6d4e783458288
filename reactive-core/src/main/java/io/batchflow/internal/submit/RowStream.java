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
 * One subscription of {@link io.batchflow.BatchFlow#submitAll BatchFlow.submitAll}: the subscriber
 * of the rows and the subscription of the outcomes.
 *
 * <p>{@link UpstreamDemand} requests rows while there is room. Outcomes that the downstream has not
 * requested count against the stream's fair share, which bounds them too.
 */
final class RowStream<T> implements CoreSubscriber<T>, Subscription, Submission.Receiver {

  private static final Object COMPLETE = new Object();

  private final Entry entry;
  private final Submitter submitter;
  private final Streams streams;
  private final RowSource<? super T> source;
  private final CoreSubscriber<? super Outcome<T>> actual;

  /** Rows that have arrived and whose outcomes are not yet passed on. */
  private final AtomicInteger open = new AtomicInteger();

  private final UpstreamDemand demand;

  /** Why no more rows come: {@code COMPLETE} or a Throwable. */
  private final AtomicReference<@Nullable Object> end = new AtomicReference<>();

  private final AtomicBoolean started = new AtomicBoolean();
  private final OutcomeEmitter<T> emitter;

  RowStream(
      Entry entry,
      Streams streams,
      RowSource<? super T> source,
      CoreSubscriber<? super Outcome<T>> actual) {
    this.entry = entry;
    this.submitter = entry.submitter();
    this.streams = streams;
    this.source = source;
    this.actual = actual;
    this.demand = new UpstreamDemand(submitter, streams, this, open);
    this.emitter = new OutcomeEmitter<>(this, actual);
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
  public void onNext(T value) {
    Row row = source.row(Objects.requireNonNull(value, "value"));
    open.incrementAndGet(); // before end is read: the stream must not end without this element
    Element<T> element = new Element<>(this, value, row);
    Object ended = end.get();
    if (ended instanceof BatchFlowException) {
      turnAway(element, FlowClosedException.notSent(row.schema().table()));
      return;
    }
    if (ended != null) {
      open.decrementAndGet();
      Operators.onNextDropped(value, currentContext());
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

  /** Ends a row that was not admitted. */
  private void turnAway(Element<T> element, BatchFlowException reason) {
    submitter.turnedAway(element.row, reason, this::currentContext);
    element.end(reason);
    element.tell(0);
  }

  private void admit(Element<T> element, int reserved) {
    element.bytes = element.row.estimatedBytes();
    element.units = demand.charge(element.bytes, reserved);
    element.admitted = true;
    element.submittedAt = submitter.now();
    submitter.postRow(element);
  }

  private @Nullable BatchFlowException invalid(Element<T> element) {
    try {
      source.fill(element.value(), element.row);
      element.row.freeze();
      return submitter.checkKey(element);
    } catch (InvalidRowException invalid) {
      return invalid;
    }
  }

  /** Returns the error of a row that was not requested, or came after the stream was stopped. */
  private BatchFlowException unasked(Row row) {
    return demand.isStopped()
        ? FlowClosedException.notSent(row.schema().table())
        : submitter.refusals.full(row.schema());
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

  /** Requests no more rows. The stream fails with the reason after the outcomes of its rows. */
  void stop(BatchFlowException reason) {
    if (end.get() == null) {
      finish(reason);
      demand.cancelUpstream();
    }
  }

  /** The source threw on a request: the stream fails after the outcomes of its rows. */
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

  /** Passes on the outcomes of a range of rows. */
  @Override
  @SuppressWarnings("unchecked") // all of them are elements of this stream
  public void tell(Submission[] rows, int from, int to, long sealedAt) {
    for (int i = from; i < to; i++) {
      ((Element<T>) rows[i]).settle(sealedAt);
      rows[i].next = i == from ? null : rows[i - 1];
    }
    emitter.post((Element<T>) rows[to - 1], (Element<T>) rows[from]);
    emitter.emit();
  }

  /** Counts outcomes that were passed on. Returns how many rows have none yet. */
  int passed(int outcomes) {
    return open.addAndGet(-outcomes);
  }

  /** Returns why the source has ended; null if it has not. */
  @Nullable Object ended() {
    return end.get();
  }

  /** Called after the last outcome was passed on. */
  void terminated() {
    streams.remove(this);
  }

  /** One row of a stream. The drain withdraws it when the stream is cancelled. */
  static final class Element<T> extends Submission {

    private final RowStream<T> stream;

    /** The element, a {@code T}, and then its outcome: millions may wait, so each field counts. */
    private Object content;

    Element(RowStream<T> stream, T value, Row row) {
      super(row, QUEUED);
      this.stream = stream;
      this.content = value;
    }

    @Override
    public int deliveryMillis() {
      return stream.entry.deliveryMillis();
    }

    @Override
    public CoreSubscriber<?> caller() {
      return stream.actual;
    }

    @Override
    public Receiver receiver() {
      return stream;
    }

    /** No other thread changes the state: a cancelled stream leaves that to the drain. */
    @Override
    public boolean seal() {
      return moveAlone(QUEUED, SEALED);
    }

    @SuppressWarnings("unchecked") // until it has ended
    private T value() {
      return (T) content;
    }

    @SuppressWarnings("unchecked") // since it has ended
    Outcome<T> outcome() {
      return (Outcome<T>) content;
    }

    @Override
    public void tell(long sealedAt) {
      stream.tell(new Submission[] {this}, 0, 1, sealedAt);
    }

    private void settle(long sealedAt) {
      BatchFlowException error = error();
      content =
          error != null
              ? Outcome.failed(value(), row, error)
              : Outcome.written(value(), row, write(), queuedNanos(sealedAt));
    }
  }
}
