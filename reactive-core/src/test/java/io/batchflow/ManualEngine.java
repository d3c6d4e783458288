package io.batchflow;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * An engine for concurrency tests: its passes run when the test says so, one at a time, its clock
 * stands still unless moved, and what would run on a scheduler runs at once.
 */
final class ManualEngine implements Loop {

  final AtomicInteger stored = new AtomicInteger();
  final Engine engine;
  volatile long time;

  private final boolean holdWrites;
  private final AtomicReference<@Nullable MonoSink<BatchResult>> held = new AtomicReference<>();
  private Pass pass = () -> NO_DEADLINE;
  private volatile boolean stopped;

  ManualEngine(int maxPending, boolean holdWrites) {
    this.holdWrites = holdWrites;
    BatchFlow.Builder options =
        BatchFlow.builder(this::write)
            .scheduler(new Inline())
            .maxPending(maxPending)
            .concurrency(1)
            .defaultPolicy(BatchPolicy.builder().maxSize(1).maxDelay(Duration.ZERO).build());
    this.engine = new Engine(new Settings(options), this);
  }

  private Mono<BatchResult> write(Batch batch) {
    return Mono.create(
        sink -> {
          stored.addAndGet(batch.size());
          if (holdWrites) {
            held.set(sink);
          } else {
            sink.success(BatchResult.written(batch.size()));
          }
        });
  }

  /** Answers the write that is held, if one is. */
  void answer() {
    MonoSink<BatchResult> sink = held.getAndSet(null);
    if (sink != null) {
      sink.success(BatchResult.written(1));
    }
  }

  /** One pass; never two at a time. */
  void pass() {
    if (!stopped) {
      pass.run();
    }
  }

  /** Passes until nothing more happens. */
  void rest() {
    for (int i = 0; i < 20; i++) {
      pass();
      answer();
    }
  }

  /** Returns "ok", or what does not fit at rest. */
  String books() {
    FlowStats stats = Totals.snapshot(engine);
    if (!stats.ledger().isBalanced() || stats.waiting() != 0) {
      return "unbalanced " + stats;
    }
    return engine.admission.isEmpty() ? "ok" : "room is held";
  }

  SubmitMono.Single submission(Signals<WriteResult> signals, long id) {
    SubmitMono.Single submission = new SubmitMono.Single(engine, Rows.event(id).freeze(), signals);
    signals.onSubscribe(submission);
    return submission;
  }

  @Override
  public void start(Pass pass) {
    this.pass = pass;
  }

  @Override
  public void wake() {}

  @Override
  public long now() {
    return time;
  }

  @Override
  public void stop() {
    stopped = true;
  }

  /** Counts the signals of one subscription. */
  static final class Signals<T> implements CoreSubscriber<T> {

    final AtomicInteger values = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
    final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

    @Override
    public void onSubscribe(Subscription subscription) {
      this.subscription.set(subscription);
    }

    @Override
    public void onNext(T value) {
      values.incrementAndGet();
    }

    @Override
    public void onError(Throwable error) {
      this.error.set(error);
      ends.incrementAndGet();
    }

    @Override
    public void onComplete() {
      ends.incrementAndGet();
    }
  }

  private static final class Inline implements Scheduler {

    @Override
    public Disposable schedule(Runnable task) {
      task.run();
      return Disposables.disposed();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return Disposables.single();
    }

    @Override
    public Worker createWorker() {
      return Schedulers.immediate().createWorker();
    }

    @Override
    public void dispose() {}
  }
}
