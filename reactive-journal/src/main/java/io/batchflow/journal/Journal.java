package io.batchflow.journal;

import io.batchflow.BatchFlow;
import io.batchflow.FlowClosedException;
import io.batchflow.Outcome;
import io.batchflow.Request;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
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
 * Accepts entries in groups: appended and synced together by one thread that may block, then
 * acknowledged and passed on to the flow in their order. Entries whose rows have ended are removed
 * by the same thread.
 */
final class Journal {

  private static final Logger LOG = Loggers.getLogger(JournaledFlow.class);

  private final BatchFlow flow;
  private final RowLog log;
  private final int maxRows;
  private final Consumer<Outcome> replayed;

  private final AtomicInteger pending = new AtomicInteger();
  private final Queue<Entry> coming = new ConcurrentLinkedQueue<>();
  private final Queue<Long> ended = new ConcurrentLinkedQueue<>();
  private final AtomicInteger work = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean toldInVain = new AtomicBoolean();
  private final AtomicBoolean removedInVain = new AtomicBoolean();
  private final Scheduler scheduler = Schedulers.newBoundedElastic(1, 16, "batchflow-journal");
  private final Sinks.Many<Request> rows =
      Sinks.unsafe().many().unicast().onBackpressureBuffer(Queues.<Request>unbounded().get());
  private final Sinks.Empty<Void> allEnded = Sinks.empty();
  private final Sinks.Empty<Void> closed = Sinks.empty();

  /** Whether the flow is being closed, so that rows may be cut short. */
  private volatile boolean cuttingShort;

  private volatile boolean logClosed;

  Journal(
      BatchFlow flow, RowLog log, int maxRows, Consumer<Outcome> replayed, List<Entry> entries) {
    this.flow = flow;
    this.log = log;
    this.maxRows = maxRows;
    this.replayed = replayed;
    pending.set(entries.size());
    entries.forEach(entry -> rows.tryEmitNext(entry.tagged()));
    flow.submitAll(rows.asFlux().doOnDiscard(Request.class, row -> Entry.of(row).leave()))
        .subscribe(this::end, stopped -> allEnded.tryEmitEmpty(), allEnded::tryEmitEmpty);
  }

  int pending() {
    return pending.get();
  }

  Mono<Receipt> accept(Entry entry) {
    if (closing.get()) {
      return Mono.error(JournalException.closed());
    }
    if (pending.getAndUpdate(count -> count < maxRows ? count + 1 : count) >= maxRows) {
      return Mono.error(JournalException.full(maxRows));
    }
    coming.add(entry);
    wake();
    // What the caller does next must not hold the journal up.
    return entry.accepted.asMono().publishOn(Schedulers.parallel());
  }

  private void wake() {
    if (work.getAndIncrement() == 0) {
      try {
        scheduler.schedule(this::drain);
      } catch (RejectedExecutionException closed) {
        drain(); // only refuses, which needs no thread of its own
      }
    }
  }

  private void drain() {
    int done = 1;
    do {
      if (logClosed) {
        refuseComing();
      } else {
        removeEnded();
        appendComing();
      }
      done = work.addAndGet(-done);
    } while (done != 0);
  }

  private void appendComing() {
    List<Entry> group = takeAll(coming);
    if (group.isEmpty()) {
      return;
    }
    try {
      log.append(group);
    } catch (RocksDBException | RuntimeException failure) {
      refuse(group, JournalException.broken(failure));
      return;
    }
    for (Entry entry : group) {
      if (rows.tryEmitNext(entry.tagged()).isFailure()) {
        entry.leave();
      }
      entry.accept();
    }
  }

  private void refuseComing() {
    refuse(takeAll(coming), JournalException.closed());
  }

  private void refuse(List<Entry> group, JournalException reason) {
    pending.addAndGet(-group.size());
    group.forEach(entry -> entry.accepted.tryEmitError(reason));
  }

  private static <T> List<T> takeAll(Queue<T> queue) {
    List<T> all = new ArrayList<>();
    T next;
    while ((next = queue.poll()) != null) {
      all.add(next);
    }
    return all;
  }

  private void removeEnded() {
    List<Long> group = takeAll(ended);
    if (group.isEmpty()) {
      return;
    }
    try {
      log.remove(group);
    } catch (RocksDBException | RuntimeException failure) {
      if (removedInVain.compareAndSet(false, true)) {
        LOG.warn("Rows that have ended stay in the journal: {}", failure.getMessage());
      }
    }
  }

  /** On the flow's scheduler. */
  private void end(Outcome outcome) {
    Entry entry = Entry.of(outcome.request());
    if (!staysForLater(outcome)) {
      pending.decrementAndGet();
      ended.add(entry.number);
      wake();
    }
    if (entry.replayed) {
      tell(outcome);
    }
    WriteResult result = outcome.result();
    if (result != null) {
      entry.durable.tryEmitValue(result);
    } else {
      entry.durable.tryEmitError(Objects.requireNonNull(outcome.error(), "error"));
    }
  }

  /** What is thrown here must not end the stream of all rows. */
  private void tell(Outcome outcome) {
    try {
      replayed.accept(outcome);
    } catch (RuntimeException failure) {
      if (toldInVain.compareAndSet(false, true)) {
        LOG.warn("onReplayed failed: {}", failure.getClass().getName());
      }
    }
  }

  /** What the end of the flow cut short is for the next to write. */
  private boolean staysForLater(Outcome outcome) {
    return outcome.error() instanceof FlowClosedException
        || (cuttingShort && outcome.error() instanceof UnknownOutcomeException);
  }

  Mono<Void> close(Duration deadline) {
    return Mono.defer(
        () -> {
          if (closing.compareAndSet(false, true)) {
            drained()
                .then(allEnded.asMono().timeout(deadline))
                .onErrorComplete()
                .then(Mono.fromRunnable(() -> cuttingShort = true))
                .then(flow.close())
                .then(allEnded.asMono())
                .then(drained())
                .then(onThread(this::closeLog))
                .subscribe(nothing -> {}, this::finish, () -> finish(null));
          }
          return closed.asMono();
        });
  }

  /** Completes when what was accepted before has been passed on, and no more will be. */
  private Mono<Void> drained() {
    return onThread(
        () -> {
          removeEnded();
          appendComing();
          rows.tryEmitComplete();
        });
  }

  private void closeLog() {
    logClosed = true;
    log.close();
    refuseComing();
  }

  private Mono<Void> onThread(Runnable step) {
    return Mono.<Void>fromRunnable(step).subscribeOn(scheduler);
  }

  private void finish(@Nullable Throwable failure) {
    scheduler.disposeGracefully().subscribe(); // what has come meanwhile is still to be refused
    if (failure == null) {
      closed.tryEmitEmpty();
    } else {
      closed.tryEmitError(failure);
    }
  }
}
