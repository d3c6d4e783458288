package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRequestException;
import io.batchflow.Outcome;
import io.batchflow.Request;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.Inbox;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscription of {@link io.batchflow.BatchFlow#submitAll BatchFlow.submitAll}: subscriber of
 * the requests, subscription of the outcomes.
 *
 * <p>{@link UpstreamDemand} asks for rows as there is room. Outcomes that the downstream has not
 * taken count against the stream's fair share, so that they are bounded too.
 */
final class RequestStream implements CoreSubscriber<Request>, Subscription, Submission.Receiver {

  private static final Object COMPLETE = new Object();

  private final Intake intake;
  private final Streams streams;
  private final CoreSubscriber<? super Outcome> actual;

  /** Rows come and not yet passed on as outcomes. */
  private final AtomicInteger open = new AtomicInteger();

  private final UpstreamDemand demand;

  /** Why no more rows come: {@code COMPLETE} or a Throwable. */
  private final AtomicReference<@Nullable Object> end = new AtomicReference<>();

  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger emitting = new AtomicInteger();
  private final Inbox outcomes = new Inbox();

  /** Outcomes taken out of the inbox and not yet passed on; owned by whoever emits. */
  private @Nullable Event ready;

  private boolean terminated;

  private volatile boolean badRequest;
  private volatile boolean cancelled;

  RequestStream(Intake intake, Streams streams, CoreSubscriber<? super Outcome> actual) {
    this.intake = intake;
    this.streams = streams;
    this.actual = actual;
    this.demand = new UpstreamDemand(intake, streams, this, open);
  }

  @Override
  public Context currentContext() {
    return actual.currentContext();
  }

  // ---- requests, from upstream

  @Override
  public void onSubscribe(Subscription subscription) {
    if (Operators.validate(demand.upstream(), subscription)) {
      demand.start(subscription);
      streams.add(this);
      actual.onSubscribe(this);
    }
  }

  @Override
  public void onNext(Request request) {
    Objects.requireNonNull(request, "request");
    open.incrementAndGet(); // before the look at end: whoever ends the stream sees this row
    Row row = new Row(this, request);
    Object ended = end.get();
    if (ended instanceof BatchFlowException) {
      refuse(row, FlowClosedException.notSent(request.schema().table()));
      return;
    }
    if (ended != null) {
      open.decrementAndGet();
      Operators.onNextDropped(request, currentContext());
      emit();
      return;
    }
    int reserved = demand.come();
    boolean hasRoom = reserved >= 0;
    BatchFlowException refusal = hasRoom ? invalid(row) : unasked(request);
    if (refusal == null) {
      admit(row, reserved);
    } else {
      if (hasRoom) {
        intake.giveBack(1, reserved);
      }
      refuse(row, refusal);
    }
    demand.askMore();
  }

  /** Ends a row that was never admitted. */
  private void refuse(Row row, BatchFlowException reason) {
    intake.turnedAway(row.request, reason, this::currentContext);
    row.end(reason);
    row.tell(0);
  }

  private void admit(Row row, int reserved) {
    row.bytes = row.request.estimatedBytes();
    row.units = demand.charge(row.bytes, reserved);
    row.admitted = true;
    row.submittedAt = intake.now();
    intake.postRow(row);
  }

  private @Nullable BatchFlowException invalid(Row row) {
    try {
      row.request.freeze();
      return intake.hashKey(row);
    } catch (InvalidRequestException invalid) {
      return invalid;
    }
  }

  /** A row that comes after the stream was stopped, or from an upstream that was not asked. */
  private BatchFlowException unasked(Request request) {
    return demand.isStopped()
        ? FlowClosedException.notSent(request.schema().table())
        : intake.full(request.schema());
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
      emit();
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
    if (n <= 0) {
      badRequest = true;
    } else {
      requested.accumulateAndGet(n, Operators::addCap);
      if (started.compareAndSet(false, true)) {
        demand.askMore();
      }
    }
    emit();
  }

  @Override
  public void cancel() {
    cancelled = true;
    streams.remove(this);
    demand.cancelUpstream();
    end.compareAndSet(null, COMPLETE);
    demand.stop();
    intake.post(new Submission.Cancellation(this));
    emit();
  }

  /** Passes on the ends of some of its rows, which stand together. */
  @Override
  public void tell(Submission[] rows, int from, int to, long sealedAt) {
    for (int i = from; i < to; i++) {
      ((Row) rows[i]).settle(sealedAt);
      rows[i].next = i == from ? null : rows[i - 1];
    }
    outcomes.post(rows[to - 1], rows[from]);
    emit();
  }

  private void emit() {
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
      cancel(); // §2.13: who throws has cancelled; nobody emits any more
      throw thrown;
    }
  }

  private void passOn() {
    long wanted = requested.get();
    int passed = 0;
    while (passed != wanted && !cancelled && !terminated && !badRequest) {
      Row row = nextOutcome();
      if (row == null) {
        break;
      }
      passed++;
      actual.onNext(row.outcome());
    }
    if (wanted != Long.MAX_VALUE) {
      requested.addAndGet(-passed);
    }
    int left = open.addAndGet(-passed);
    if (cancelled || terminated) {
      ready = null;
      outcomes.takeAll();
    } else if (badRequest) {
      terminated = true;
      cancel();
      actual.onError(new IllegalArgumentException("§3.9: request(n) needs a positive n"));
    } else if (end.get() != null && left == 0) {
      terminate();
    } else if (passed > 0) {
      demand.askMore();
    }
  }

  private void terminate() {
    terminated = true;
    streams.remove(this);
    if (end.get() instanceof Throwable error) {
      actual.onError(error);
    } else {
      actual.onComplete();
    }
  }

  private @Nullable Row nextOutcome() {
    if (ready == null) {
      ready = outcomes.takeAll();
    }
    Row row = (Row) ready;
    if (row != null) {
      ready = row.next;
      row.next = null;
    }
    return row;
  }

  /** One row of a stream; withdrawn by the drain, when the stream is cancelled. */
  static final class Row extends Submission {

    private final RequestStream stream;
    private @Nullable Outcome outcome;

    Row(RequestStream stream, Request request) {
      super(request, QUEUED);
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
              ? Outcome.failed(request, error)
              : Outcome.written(request, write(), queuedNanos(sealedAt));
    }
  }
}
