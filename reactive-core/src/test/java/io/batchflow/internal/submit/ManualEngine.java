package io.batchflow.internal.submit;

import io.batchflow.Batch;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.Rows;
import io.batchflow.WriteResult;
import io.batchflow.internal.Engine;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.config.FlowOptions;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.stats.FlowStats;
import io.batchflow.stats.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * An engine for concurrency tests. Its passes run when the test says so, one at a time. Its clock
 * stands still unless the test moves it. Tasks for its scheduler run at once, or when told to.
 */
public final class ManualEngine implements EventLoop {

  static final Duration DEADLINE = Duration.ofSeconds(1);

  public final FlowConfig config;
  public final Engine engine;
  final Signals<Void> closed = new Signals<>();

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable MonoSink<BatchResult>> held = new AtomicReference<>();
  private final List<Object> stored = new ArrayList<>();
  private Pass pass = () -> NO_DEADLINE;
  private volatile boolean holdsWrites;
  private volatile boolean defersTasks;
  private volatile boolean stopped;
  private volatile boolean woken;
  private volatile long time;

  public ManualEngine(int maxPending) {
    FlowOptions options = new FlowOptions(this::write);
    options.scheduler = new Inline();
    options.maxPending = maxPending;
    options.concurrency = 1;
    options.retriesPerPeriod = 1;
    options.retryPeriod = Duration.ofHours(1);
    options.defaultPolicy = BatchPolicy.builder().maxSize(1).maxDelay(Duration.ZERO).build();
    this.config = new FlowConfig(options);
    this.engine = new Engine(this.config, this);
  }

  /** Makes writes wait for {@link #answer()}. */
  ManualEngine holdingWrites() {
    holdsWrites = true;
    return this;
  }

  /** Makes tasks for the scheduler wait for {@link #runTasks()}. */
  ManualEngine deferringTasks() {
    defersTasks = true;
    return this;
  }

  private Mono<BatchResult> write(Batch batch) {
    return Mono.create(
        sink -> {
          stored.add(batch.rows().get(0).value(0));
          if (holdsWrites) {
            held.set(sink);
          } else {
            sink.success(BatchResult.written(1));
          }
        });
  }

  /** Returns the ids in the order of writing. There is one slot, so writes do not overlap. */
  List<Object> stored() {
    return stored;
  }

  /** Answers the pending write, if there is one. */
  boolean answer() {
    MonoSink<BatchResult> sink = held.getAndSet(null);
    if (sink != null) {
      sink.success(BatchResult.written(1));
    }
    return sink != null;
  }

  /** Runs the tasks that wait for the scheduler. */
  void runTasks() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }

  /** Runs one pass, and never two at a time. */
  void pass() {
    if (!stopped) {
      woken = false;
      pass.run();
    }
  }

  void close() {
    engine.shutdown.close(DEADLINE).subscribe(closed);
  }

  /** Moves the clock to the deadline of a running close. */
  void passDeadline() {
    time = DEADLINE.toNanos();
    pass();
  }

  /** Runs passes until nothing changes, even if the writer has not answered. */
  void settle() {
    do {
      pass();
      runTasks();
    } while (woken && !stopped);
  }

  /** Runs a pass only if one was requested, as the loops do. */
  void passWhileWoken() {
    while (woken && !stopped) {
      pass();
      runTasks();
    }
  }

  /** Runs passes until nothing changes, and answers writes. */
  void rest() {
    do {
      settle();
    } while (answer());
  }

  Ledger ledger() {
    return engine.stats().ledger();
  }

  /** Returns "ok" for an engine at rest, or else what is wrong. */
  String verdict(boolean holds, Object otherwise) {
    FlowStats stats = engine.stats();
    if (!holds) {
      return otherwise + ", stored " + stored + ", " + stats.ledger();
    }
    if (!stats.ledger().isBalanced() || stats.waiting() != 0) {
      return "unbalanced, " + stats.waiting() + " waiting, " + stats.ledger();
    }
    return engine.submitter.admission.isEmpty() ? "ok" : "room is held";
  }

  SubmitMono.Single submission(Signals<WriteResult> caller, long id) {
    SubmitMono.Single submission =
        new SubmitMono.Single(engine.entry, Rows.event(id).freeze(), caller);
    caller.onSubscribe(submission);
    return submission;
  }

  @Override
  public void start(Pass pass) {
    this.pass = pass;
  }

  @Override
  public void wake() {
    woken = true;
  }

  /** Like the loop of a thread, but nobody reads the statistics before the test does. */
  @Override
  public long longestRest() {
    return Long.MAX_VALUE / 2;
  }

  @Override
  public long now() {
    return time;
  }

  @Override
  public void stop() {
    stopped = true;
  }

  private final class Inline implements Scheduler {

    @Override
    public Disposable schedule(Runnable task) {
      if (defersTasks) {
        tasks.add(task);
      } else {
        task.run();
      }
      return Disposables.disposed();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return Disposables.single();
    }

    @Override
    public Worker createWorker() {
      return new InlineWorker();
    }

    @Override
    public void dispose() {}
  }

  /** A periodic task never runs. */
  private static final class InlineWorker implements Scheduler.Worker {

    @Override
    public Disposable schedule(Runnable task) {
      task.run();
      return Disposables.disposed();
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long first, long period, TimeUnit unit) {
      return Disposables.single();
    }

    @Override
    public void dispose() {}
  }
}
