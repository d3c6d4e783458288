package io.batchflow;

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
 * One subscription of {@link BatchFlow#submitAll}: subscriber of the requests, subscription of the
 * outcomes.
 *
 * <p>It takes room before it asks its upstream, so that nothing comes which does not fit: room
 * becomes {@code request(n)}. A stream without room stands in line among the waiters. Outcomes that
 * its downstream has not taken count against its fair share, so that they are bounded too.
 */
final class RequestStream implements CoreSubscriber<Request>, Subscription {

  private static final int STOPPED = -1;
  private static final Object COMPLETE = new Object();

  private final Engine engine;
  private final CoreSubscriber<? super Outcome> actual;

  /** Rows asked for and not yet come, each with room taken; {@code STOPPED} once no more may be. */
  private final AtomicInteger asked = new AtomicInteger();

  /** Rows come and not yet passed on as outcomes. */
  private final AtomicInteger open = new AtomicInteger();

  /** Why no more rows come: {@code COMPLETE} or a Throwable. */
  private final AtomicReference<@Nullable Object> end = new AtomicReference<>();

  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean waiting = new AtomicBoolean();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger emitting = new AtomicInteger();
  private final Inbox outcomes = new Inbox();

  /** Outcomes taken out of the inbox and not yet passed on; owned by whoever emits. */
  private @Nullable Event ready;

  private boolean terminated;

  /** What a row costs on average, in {@link Admission}'s units. */
  private volatile int unitsEach = 1;

  private volatile @Nullable Subscription upstream;
  private volatile boolean badRequest;
  private volatile boolean cancelled;

  RequestStream(Engine engine, CoreSubscriber<? super Outcome> actual) {
    this.engine = engine;
    this.actual = actual;
  }

  @Override
  public Context currentContext() {
    return actual.currentContext();
  }

  // ---- requests, from upstream

  @Override
  public void onSubscribe(Subscription subscription) {
    if (Operators.validate(upstream, subscription)) {
      upstream = subscription;
      engine.streams.add(this);
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
      refuse(row, FlowClosedException.notSent(request.schema()));
      return;
    }
    if (ended != null) {
      open.decrementAndGet();
      Operators.onNextDropped(request, currentContext());
      emit();
      return;
    }
    boolean hasRoom = takeAsked();
    BatchFlowException refusal = hasRoom ? invalid(request) : unasked(request);
    if (refusal == null) {
      admit(row);
    } else {
      if (hasRoom) {
        engine.releaseAsked(1);
      }
      refuse(row, refusal);
    }
    askMore();
  }

  /** Ends a row that was never admitted. */
  private void refuse(Row row, BatchFlowException reason) {
    engine.turnedAway(row.request, reason);
    row.end(reason);
    row.tell(0);
  }

  private void admit(Row row) {
    int units = engine.admission.units(row.request.estimatedBytes());
    unitsEach = Math.max(1, (unitsEach * 7 + units) / 8);
    row.units = engine.admission.charge(units);
    row.admitted = true;
    row.submittedAt = engine.now();
    engine.post(row);
  }

  private static @Nullable BatchFlowException invalid(Request request) {
    try {
      request.freeze();
      return null;
    } catch (InvalidRequestException invalid) {
      return invalid;
    }
  }

  /** An upstream that sends what it was not asked for has that row turned away. */
  private BatchFlowException unasked(Request request) {
    return QueueFullException.atOnce(request.schema(), engine.settings.maxPending);
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
      giveBackAsked();
      emit();
    } else if (how instanceof Throwable late) {
      Operators.onErrorDropped(late, currentContext());
    }
  }

  // ---- room, from the engine

  /** Asks upstream for more, if there is room; stands in line if there is none. */
  private void askMore() {
    int pending = asked.get();
    if (pending == STOPPED || pending > engine.streams.askingShare() / 4) {
      return;
    }
    int room = reserve(false);
    if (room > 0) {
      ask(room);
    } else if (pending == 0 && wants() > 0 && waiting.compareAndSet(false, true)) {
      standInLine();
    }
  }

  private void standInLine() {
    if (engine.admission.joinWaiters()) {
      engine.post(new Streams.RoomWanted(this));
    } else if (engine.admission.isClosed()) {
      stopAsking();
    } else {
      cancelUpstream();
      finish(QueueFullException.tooManyStreams(engine.settings.maxPending));
    }
  }

  /** Returns how many more rows this stream would like to ask for. */
  int wants() {
    int pending = asked.get();
    if (pending == STOPPED) {
      return 0;
    }
    Streams streams = engine.streams;
    return Math.min(streams.askingShare() - pending, streams.fairShare() - open.get() - pending);
  }

  /** Takes room for as many rows as this stream wants and there is room for. */
  int reserve(boolean firstInLine) {
    int wanted = wants();
    return wanted <= 0 ? 0 : engine.admission.reserve(wanted, unitsEach, firstInLine);
  }

  /** The stream's turn in line has come; runs on the flow's scheduler. */
  void granted(int room) {
    waiting.set(false);
    if (room > 0) {
      ask(room);
    } else {
      askMore();
    }
  }

  private void ask(int rows) {
    int pending;
    do {
      pending = asked.get();
      if (pending == STOPPED) {
        engine.releaseAsked(rows);
        return;
      }
    } while (!asked.compareAndSet(pending, pending + rows));
    Objects.requireNonNull(upstream, "upstream").request(rows);
  }

  private boolean takeAsked() {
    int pending;
    do {
      pending = asked.get();
      if (pending <= 0) {
        return false;
      }
    } while (!asked.compareAndSet(pending, pending - 1));
    return true;
  }

  void giveBackAsked() {
    int left = asked.getAndSet(STOPPED);
    if (left > 0) {
      engine.releaseAsked(left);
    }
  }

  boolean isStopped() {
    return asked.get() == STOPPED;
  }

  /** The flow closes: what has come is written, no more is asked for. */
  void stopAsking() {
    if (end.get() == null) {
      finish(FlowClosedException.stream());
      cancelUpstream();
    }
  }

  private void cancelUpstream() {
    Objects.requireNonNull(upstream, "upstream").cancel();
  }

  // ---- outcomes, to downstream

  @Override
  public void request(long n) {
    if (n <= 0) {
      badRequest = true;
    } else {
      requested.accumulateAndGet(n, Operators::addCap);
      if (started.compareAndSet(false, true)) {
        askMore();
      }
    }
    emit();
  }

  @Override
  public void cancel() {
    cancelled = true;
    engine.streams.remove(this);
    cancelUpstream();
    end.compareAndSet(null, COMPLETE);
    giveBackAsked();
    engine.post(new Streams.Cancelled(this));
    emit();
  }

  private void emit() {
    if (emitting.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      passOn();
      missed = emitting.addAndGet(-missed);
    } while (missed != 0);
  }

  private void passOn() {
    long demand = requested.get();
    int passed = 0;
    while (passed != demand && !cancelled && !terminated && !badRequest) {
      Row row = nextOutcome();
      if (row == null) {
        break;
      }
      passed++;
      actual.onNext(row.outcome());
    }
    if (demand != Long.MAX_VALUE) {
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
      askMore();
    }
  }

  private void terminate() {
    terminated = true;
    engine.streams.remove(this);
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

    boolean belongsTo(RequestStream other) {
      return stream == other;
    }

    Outcome outcome() {
      return Objects.requireNonNull(outcome, "outcome");
    }

    @Override
    void tell(long sealedAt) {
      BatchFlowException error = error();
      outcome =
          error != null
              ? Outcome.failed(request, error)
              : Outcome.written(request, result(sealedAt));
      stream.outcomes.post(this);
      stream.emit();
    }
  }
}
