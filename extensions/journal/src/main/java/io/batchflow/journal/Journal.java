package io.batchflow.journal;

import io.batchflow.BatchFlow;
import io.batchflow.FlowClosedException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;
import reactor.util.concurrent.Queues;

/**
 * Accepts entries in groups. One thread, which may block, appends and syncs a group, then
 * acknowledges it and passes it on to the flow in order. The same thread removes entries whose rows
 * have ended.
 */
final class Journal {

  private static final Logger LOG = Loggers.getLogger(JournaledFlow.class);

  /** The shortest deadline that a flow accepts. */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final BatchFlow flow;
  private final JournalStore log;
  private final int maxRows;
  private final Consumer<Outcome<Row>> replayed;

  private final AtomicInteger pending = new AtomicInteger();
  private final Queue<JournalEntry> arrived = new ConcurrentLinkedQueue<>();
  private final EndedRows ended;
  private final AtomicInteger work = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean callbackFailed = new AtomicBoolean();

  /** The entries that were passed to the flow, by their rows. */
  private final Map<Row, JournalEntry> entries = new ConcurrentHashMap<>();

  /**
   * Not a Scheduler: a disposed Scheduler drops tasks, and their callers would never be answered.
   */
  private final ExecutorService thread;

  private final Sinks.Many<Row> rows =
      Sinks.unsafe().many().unicast().onBackpressureBuffer(Queues.<Row>unbounded().get());
  private final Sinks.Empty<Void> allEnded = Sinks.empty();
  private final Sinks.Empty<Void> closed = Sinks.empty();

  /** Whether the flow is being closed at the deadline, so that it may end rows without a result. */
  private volatile boolean pastDeadline;

  private volatile boolean logClosed;

  /**
   * @param thread an executor with one thread that may block; it is shut down at the end
   * @param old the rows in the log, in their order
   */
  Journal(
      BatchFlow flow,
      JournalStore log,
      int maxRows,
      Consumer<Outcome<Row>> replayed,
      List<JournalEntry> old,
      ExecutorService thread) {
    this.flow = flow;
    this.log = log;
    this.ended = new EndedRows(log);
    this.maxRows = maxRows;
    this.replayed = replayed;
    this.thread = thread;
    pending.set(old.size());
    old.forEach(this::passOn);
    flow.submitAll(rows.asFlux().doOnDiscard(Row.class, row -> entryOf(row).leave()))
        .subscribe(this::end, stopped -> allEnded.tryEmitEmpty(), allEnded::tryEmitEmpty);
  }

  private void passOn(JournalEntry entry) {
    entries.put(entry.row, entry);
    if (rows.tryEmitNext(entry.row).isFailure()) {
      entryOf(entry.row).leave();
    }
  }

  private JournalEntry entryOf(Row row) {
    return Objects.requireNonNull(entries.remove(row), "entry");
  }

  int pending() {
    return pending.get();
  }

  Mono<Receipt> accept(JournalEntry entry) {
    if (closing.get()) {
      return Mono.error(JournalException.closed());
    }
    if (pending.getAndUpdate(count -> count < maxRows ? count + 1 : count) >= maxRows) {
      return Mono.error(JournalException.full(maxRows));
    }
    arrived.add(entry);
    wake();
    // The caller's next steps must not delay the journal.
    return entry.accepted.asMono().publishOn(Schedulers.parallel());
  }

  private void wake() {
    if (work.getAndIncrement() == 0) {
      try {
        thread.execute(this::drain);
      } catch (RejectedExecutionException closed) {
        drain(); // only rejects rows, which any thread may do
      }
    }
  }

  private void drain() {
    int done = 1;
    do {
      if (logClosed) {
        rejectArrived();
      } else {
        ended.remove();
        appendArrived();
      }
      done = work.addAndGet(-done);
    } while (done != 0);
  }

  private void appendArrived() {
    List<JournalEntry> group = EndedRows.takeAll(arrived);
    if (group.isEmpty()) {
      return;
    }
    if (ended.unremoved() >= maxRows) {
      reject(group, JournalException.cannotForget(ended.unremoved()));
      return;
    }
    try {
      log.append(group);
    } catch (RocksDBException | RuntimeException failure) {
      forget(group);
      reject(group, JournalException.broken(failure));
      return;
    }
    for (JournalEntry entry : group) {
      passOn(entry);
      entry.accept();
    }
  }

  /** After a failed sync the rows may be in the store, where a replay would find them. */
  private void forget(List<JournalEntry> group) {
    group.stream()
        .filter(entry -> entry.number != JournalEntry.UNNUMBERED)
        .forEach(entry -> ended.add(entry.number));
  }

  private void rejectArrived() {
    reject(EndedRows.takeAll(arrived), JournalException.closed());
  }

  private void reject(List<JournalEntry> group, JournalException reason) {
    pending.addAndGet(-group.size());
    group.forEach(entry -> entry.accepted.tryEmitError(reason));
  }

  /** Runs on the flow's scheduler. */
  private void end(Outcome<Row> outcome) {
    JournalEntry entry = entryOf(outcome.row());
    if (!staysInJournal(outcome)) {
      pending.decrementAndGet();
      ended.add(entry.number);
      wake();
    }
    if (entry.replayed) {
      report(outcome);
    }
    WriteResult result = outcome.result();
    if (result != null) {
      entry.durable.tryEmitValue(result);
    } else {
      entry.durable.tryEmitError(Objects.requireNonNull(outcome.error(), "error"));
    }
  }

  /** An exception of the callback must not end the stream of all rows. */
  private void report(Outcome<Row> outcome) {
    try {
      replayed.accept(outcome);
    } catch (RuntimeException failure) {
      if (callbackFailed.compareAndSet(false, true)) {
        LOG.warn("onReplayed failed: {}", failure.getClass().getName());
      }
    }
  }

  /** Rows that the close of the flow ended stay in the journal. */
  private boolean staysInJournal(Outcome<Row> outcome) {
    return outcome.error() instanceof FlowClosedException
        || (pastDeadline && outcome.error() instanceof UnknownOutcomeException);
  }

  /** Closes with one deadline. The flow gets the time that the rows leave. */
  Mono<Void> close(Duration deadline) {
    return Mono.defer(
        () -> {
          if (closing.compareAndSet(false, true)) {
            Scheduler clock = Schedulers.parallel();
            long end = clock.now(TimeUnit.NANOSECONDS) + deadline.toNanos();
            drained()
                .then(allEnded.asMono())
                .timeout(deadline, clock)
                .onErrorComplete()
                .then(Mono.fromRunnable(() -> pastDeadline = true))
                .then(Mono.defer(() -> flow.close(left(end - clock.now(TimeUnit.NANOSECONDS)))))
                .then(allEnded.asMono())
                .then(drained())
                .then(onThread(this::closeLog))
                .subscribe(nothing -> {}, this::finish, () -> finish(null));
          }
          return closed.asMono();
        });
  }

  private static Duration left(long nanos) {
    return Duration.ofNanos(Math.max(nanos, AT_ONCE.toNanos()));
  }

  /** Completes when all accepted rows have been passed on. No further rows are passed on. */
  private Mono<Void> drained() {
    return onThread(
        () -> {
          ended.remove();
          appendArrived();
          rows.tryEmitComplete();
        });
  }

  private void closeLog() {
    logClosed = true;
    log.close();
    rejectArrived();
  }

  private Mono<Void> onThread(Runnable step) {
    return Mono.create(
        sink ->
            thread.execute(
                () -> {
                  step.run();
                  sink.success();
                }));
  }

  private void finish(@Nullable Throwable failure) {
    thread.shutdown(); // pending tasks still run and reject their rows
    if (failure == null) {
      closed.tryEmitEmpty();
    } else {
      closed.tryEmitError(failure);
    }
  }
}
