package io.batchflow.journal;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A journal for concurrency tests. Its log is in memory. Its tasks run one at a time on the calling
 * threads. A write waits until it is answered.
 */
final class StressedJournal implements JournalStore {

  static final Duration LATE = Duration.ofHours(1);

  private static final Schema SCHEMA =
      Schema.table("t").columns("id").conflictKey("id").onConflict(ConflictStrategy.UPDATE).build();

  static {
    Schedulers.setFactory(
        new Schedulers.Factory() {
          @Override
          public Scheduler newParallel(int parallelism, ThreadFactory threads) {
            return new InlineScheduler();
          }
        });
  }

  /** The caller of an accepted row. Records its outcome. */
  static final class Caller {

    private final JournalEntry entry;
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger rejected = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    private Caller(int id) {
      entry = JournalEntry.coming(SCHEMA.row().set("id", id), new byte[0]);
    }

    boolean isAccepted() {
      return accepted.get() == 1;
    }

    private void onReceipt(Receipt receipt) {
      accepted.incrementAndGet();
      Mono<WriteResult> durable = receipt.durable();
      durable.subscribe(result -> written.incrementAndGet(), error -> failed.incrementAndGet());
    }

    @Override
    public String toString() {
      return "accepted "
          + accepted
          + ", rejected "
          + rejected
          + ", written "
          + written
          + ", failed "
          + failed;
    }
  }

  private final InlineScheduler flowsThread = new InlineScheduler();
  private final AtomicReference<@Nullable MonoSink<BatchResult>> held = new AtomicReference<>();
  private final List<Caller> callers = new CopyOnWriteArrayList<>();
  private final AtomicInteger timesClosed = new AtomicInteger();
  private final Set<Long> kept = ConcurrentHashMap.newKeySet();
  private final Set<JournalEntry> appended = ConcurrentHashMap.newKeySet();
  private final Journal journal;
  private long nextNumber;
  private volatile boolean logClosed;
  private volatile boolean usedClosed;

  StressedJournal(int maxRows) {
    BatchFlow flow =
        BatchFlow.builder(this::write)
            .scheduler(flowsThread)
            .maxPending(2)
            .concurrency(1)
            .closeTimeout(LATE)
            .defaultPolicy(BatchPolicy.builder().maxSize(1).maxDelay(Duration.ZERO).build())
            .build();
    journal =
        new Journal(flow, this, maxRows, outcome -> {}, new ArrayList<>(), new InlineExecutor());
  }

  private Mono<BatchResult> write(Batch batch) {
    return Mono.create(held::set);
  }

  Caller accept(int id) {
    Caller caller = new Caller(id);
    callers.add(caller);
    journal
        .accept(caller.entry)
        .subscribe(caller::onReceipt, e -> caller.rejected.incrementAndGet());
    return caller;
  }

  /** Answers the pending write, if there is one. */
  boolean answer() {
    MonoSink<BatchResult> sink = held.getAndSet(null);
    if (sink != null) {
      sink.success(BatchResult.written(1));
    }
    return sink != null;
  }

  void close(Duration deadline) {
    journal.close(deadline).subscribe(null, null, timesClosed::incrementAndGet);
  }

  /** Lets the deadline pass, at which the flow gives up the remaining rows. */
  void flowGivesUp() {
    flowsThread.passTime(LATE.plusMinutes(1));
  }

  int pending() {
    return journal.pending();
  }

  /** Runs until nothing is pending. */
  void rest() {
    while (answer()) {}
  }

  /** Returns "ok" for a journal that is at rest and closed, or else what is wrong. */
  String verdict() {
    if (timesClosed.get() != 1 || !logClosed || usedClosed) {
      return "closed " + timesClosed + " times, log used after its end: " + usedClosed;
    }
    for (Caller caller : callers) {
      boolean inLog = kept.contains(caller.entry.number);
      boolean fits =
          caller.isAccepted()
              ? caller.rejected.get() == 0
                  && appended.contains(caller.entry)
                  && caller.written.get() + caller.failed.get() == 1
                  && inLog == (caller.failed.get() == 1)
              : caller.rejected.get() == 1 && !appended.contains(caller.entry);
      if (!fits) {
        return caller + ", in the log: " + inLog;
      }
    }
    return pending() == kept.size() ? "ok" : pending() + " pending, " + kept.size() + " kept";
  }

  @Override
  public void append(Collection<JournalEntry> entries) {
    usedClosed |= logClosed;
    for (JournalEntry entry : entries) {
      entry.number = ++nextNumber;
      kept.add(entry.number);
      appended.add(entry);
    }
  }

  @Override
  public void remove(Collection<Long> numbers) {
    usedClosed |= logClosed;
    kept.removeAll(numbers);
  }

  @Override
  public void close() {
    logClosed = true;
  }
}
