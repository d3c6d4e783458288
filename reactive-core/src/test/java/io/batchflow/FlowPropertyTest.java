package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.stats.Ledger;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * The whole flow on real threads, with sizes, delays, failures and cancellations drawn by a seed:
 * every submission ends in exactly one way, what is told is what is stored, and the books balance.
 */
class FlowPropertyTest {

  private static final int RUNS = 150;
  private static final List<Schema> TABLES =
      List.of(
          Rows.EVENTS,
          Rows.UPSERTS,
          keyed(ConflictStrategy.IGNORE),
          keyed(ConflictStrategy.REPLACE));

  private static Schema keyed(ConflictStrategy strategy) {
    return Schema.table("keyed_" + strategy)
        .columns("id", "value")
        .conflictKey("id")
        .onConflict(strategy)
        .build();
  }

  static LongStream seeds() {
    long first = System.nanoTime();
    return LongStream.range(first, first + RUNS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everySubmissionEndsInExactlyOneWay(long seed) throws Exception {
    try {
      Run run = new Run(seed);
      run.submitFromSeveralThreads();
      run.end();
      run.check();
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError("seed " + seed, failure);
    }
  }

  /** One submission: what it was and what its caller was told. */
  private static final class Told {
    final Row row;
    final int thread;
    final long sequence;
    final AtomicInteger ends = new AtomicInteger();
    volatile @Nullable Throwable error;
    volatile boolean written;
    volatile boolean cancelled;

    Told(Row row, int thread, long sequence) {
      this.row = row;
      this.thread = thread;
      this.sequence = sequence;
    }

    void end(boolean written, @Nullable Throwable error) {
      this.written = written;
      this.error = error;
      ends.incrementAndGet();
    }
  }

  private static final class Run {
    private final Random random;
    private final FaultyWriter writer;
    private final BatchFlow flow;
    private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();

    /** Threads whose streams the close stopped. */
    private final Set<Integer> stopped = ConcurrentHashMap.newKeySet();

    private final boolean closeEarly;
    private final int maxPending;

    Run(long seed) {
      this.random = new Random(seed);
      this.writer = new FaultyWriter(random.nextLong());
      this.closeEarly = random.nextInt(4) == 0;
      int maxSize = 1 + random.nextInt(40);
      this.maxPending = maxSize + random.nextInt(200);
      BatchPolicy.Builder policy =
          BatchPolicy.builder()
              .maxSize(maxSize)
              .maxDelay(Duration.ofMillis(random.nextInt(4)))
              .lingerWhenIdle(random.nextBoolean())
              .overflow(random.nextInt(4) == 0 ? Overflow.FAIL : Overflow.WAIT);
      if (random.nextInt(4) == 0) {
        policy.deliveryTimeout(Duration.ofMillis(5 + random.nextInt(50)));
      }
      this.flow =
          BatchFlow.builder(writer)
              .defaultPolicy(policy.build())
              .concurrency(1 + random.nextInt(4))
              .maxPending(maxPending)
              .retry(Retry.backoff(2, Duration.ofMillis(1)))
              .build();
    }

    void submitFromSeveralThreads() throws InterruptedException {
      int threads = 3;
      CountDownLatch done = new CountDownLatch(threads);
      for (int t = 0; t < threads; t++) {
        int thread = t;
        long seed = random.nextLong();
        boolean stream = random.nextInt(3) == 0;
        new Thread(
                () -> {
                  Random own = new Random(seed);
                  if (stream) {
                    submitAll(own, thread);
                  } else {
                    submitOneByOne(own, thread);
                  }
                  done.countDown();
                })
            .start();
      }
      if (closeEarly) {
        flow.close(Duration.ofMillis(1 + random.nextInt(30))).subscribe();
      }
      assertThat(done.await(60, TimeUnit.SECONDS)).as("submitting threads end").isTrue();
    }

    /** Keys belong to one thread, so that its own order is the key's. */
    private Told newRow(Random own, int thread, int sequence) {
      Schema table = TABLES.get(own.nextInt(TABLES.size()));
      long id = thread + 3L * own.nextInt(table.conflictKey().isEmpty() ? 1 << 30 : 20);
      long value = thread + 3L * sequence;
      Told sentRow = new Told(Rows.row(table, id, value), thread, sequence);
      sentRow.row.tag(sentRow);
      told.add(sentRow);
      return sentRow;
    }

    private void submitOneByOne(Random own, int thread) {
      for (int i = 0; i < 300; i++) {
        Told sentRow = newRow(own, thread, i);
        Disposable subscription =
            flow.submit(sentRow.row)
                .subscribe(result -> sentRow.end(true, null), error -> sentRow.end(false, error));
        if (own.nextInt(20) == 0) {
          sentRow.cancelled = true;
          subscription.dispose();
        }
        if (own.nextInt(100) == 0) {
          flow.flush().subscribe();
        }
      }
    }

    private void submitAll(Random own, int thread) {
      int[] next = {0};
      AtomicInteger asked = new AtomicInteger();
      AtomicInteger answered = new AtomicInteger();
      Flux<Row> rows =
          Flux.<Row>generate(
                  sink -> {
                    if (next[0] == 300) {
                      sink.complete();
                    } else {
                      sink.next(newRow(own, thread, next[0]++).row);
                    }
                  })
              .doOnRequest(n -> asked.addAndGet((int) n));
      flow.submitAll(rows)
          .doOnNext(
              outcome -> {
                int open = asked.get() - answered.getAndIncrement();
                Told sentRow = (Told) outcome.row().tag();
                sentRow.end(outcome.isWritten(), outcome.error());
                if (open > 2 * maxPending) {
                  sentRow.end(
                      false, new AssertionError("asked for " + open + " beyond its answers"));
                }
              })
          .onErrorResume(
              FlowClosedException.class,
              closed -> {
                stopped.add(thread);
                return Flux.empty();
              })
          .blockLast(Duration.ofSeconds(60));
    }

    void end() {
      if (!closeEarly) {
        flow.flush().block(Duration.ofSeconds(60));
      }
      flow.close(Duration.ofSeconds(30)).block(Duration.ofSeconds(60));
      writer.settle();
      // What was told last is told on the scheduler: wait for each caller's word.
      Flux.fromIterable(told)
          .filter(sentRow -> !sentRow.cancelled && !isExcused(sentRow))
          .concatMap(
              sentRow ->
                  Mono.fromSupplier(sentRow.ends::get)
                      .filter(ends -> ends > 0)
                      .repeatWhenEmpty(10_000, again -> again.delayElements(Duration.ofMillis(1))))
          .blockLast(Duration.ofSeconds(30));
    }

    /** What a source gave after its stream's end: the stream's error speaks for it. */
    private boolean isExcused(Told sentRow) {
      return sentRow.ends.get() == 0 && stopped.contains(sentRow.thread);
    }

    void check() {
      Ledger ledger = LedgerAssertions.assertBalanced(flow);
      Map<Schema, Map<Object, Told>> last = new HashMap<>();
      for (Told sentRow : told) {
        assertThat(sentRow.ends.get())
            .as("ends of a sentRow")
            .isEqualTo(sentRow.cancelled || isExcused(sentRow) ? sentRow.ends.get() : 1);
        assertThat(sentRow.ends.get()).isLessThanOrEqualTo(1);
        Throwable error = sentRow.error;
        boolean stored = writer.covers(sentRow);
        if (sentRow.written) {
          assertThat(stored).as("a sentRow reported written is stored").isTrue();
        } else if (error != null && !(error instanceof UnknownOutcomeException)) {
          assertThat(writer.holds(sentRow.row)).as("%s is not stored", error).isFalse();
        }
        if (sentRow.written && sentRow.row.schema().onConflict() != ConflictStrategy.IGNORE) {
          last.computeIfAbsent(sentRow.row.schema(), schema -> new HashMap<>())
              .merge(sentRow.row.value(0), sentRow, (a, b) -> a.sequence > b.sequence ? a : b);
        }
      }
      assertThat(ledger.written())
          .isGreaterThanOrEqualTo(told.stream().filter(sentRow -> sentRow.written).count());
      for (Schema table : List.of(TABLES.get(1), TABLES.get(3))) {
        last.getOrDefault(table, Map.of()).values().forEach(writer::checkNotOverwrittenByOlder);
      }
    }
  }

  /** Stores in memory, in the order of its answers; fails as its seed says. */
  private static final class FaultyWriter implements BatchWriter {
    private final Random random;
    private final List<Row> stored = new ArrayList<>();
    private final Set<Row> identity = new HashSet<>();
    private final Map<List<Object>, Long> newest = new HashMap<>();

    FaultyWriter(long seed) {
      this.random = new Random(seed);
    }

    @Override
    public Mono<BatchResult> write(Batch batch) {
      int delay;
      int fault;
      synchronized (this) {
        delay = random.nextInt(3);
        fault = random.nextInt(40);
      }
      if (fault == 0) {
        throw new IllegalStateException("writer");
      }
      Mono<BatchResult> answer = Mono.defer(() -> answer(batch, fault));
      return delay == 0 ? answer : Mono.delay(Duration.ofMillis(delay)).then(answer);
    }

    private Mono<BatchResult> answer(Batch batch, int fault) {
      return switch (fault) {
        case 1, 2, 3 -> Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT));
        case 4 -> Mono.error(RecordingWriter.failure(FailureKind.PERMANENT));
        case 5, 6 -> Mono.error(RecordingWriter.failure(FailureKind.DATA));
        case 7 -> Mono.error(new TimeoutException("before"));
        case 8 -> {
          store(batch, -1);
          yield Mono.error(new TimeoutException("after"));
        }
        case 9 -> {
          store(batch, -1);
          yield Mono.empty();
        }
        case 10, 11 -> {
          store(batch, 0);
          yield Mono.just(
              BatchResult.partly(
                  batch.size() - 1, Map.of(0, RecordingWriter.failure(FailureKind.DATA))));
        }
        default -> {
          store(batch, -1);
          yield Mono.just(BatchResult.written(batch.size()));
        }
      };
    }

    private synchronized void store(Batch batch, int but) {
      for (int i = 0; i < batch.size(); i++) {
        if (i != but) {
          Row sentRow = batch.rows().get(i);
          stored.add(sentRow);
          identity.add(sentRow);
          newest.put(key(sentRow), (Long) sentRow.value(1));
        }
      }
    }

    private static List<Object> key(Row sentRow) {
      return List.of(sentRow.schema(), String.valueOf(sentRow.value(0)));
    }

    /** Waits for nothing more to come: the flow is closed and held no write back. */
    void settle() {
      Mono.delay(Duration.ofMillis(5), Schedulers.parallel()).block();
    }

    /** Whether this very row was stored, unmerged. */
    synchronized boolean holds(Row sentRow) {
      return identity.contains(sentRow);
    }

    /** Whether the row was stored, or another of its key that it was merged into. */
    synchronized boolean covers(Told sentRow) {
      return identity.contains(sentRow.row)
          || (!sentRow.row.schema().conflictKey().isEmpty()
              && newest.containsKey(key(sentRow.row)));
    }

    /** The last row of a key that was reported written is the last stored, but for unknowns. */
    synchronized void checkNotOverwrittenByOlder(Told sentRow) {
      Long value = newest.get(key(sentRow.row));
      assertThat(value).as("the newest of a key").isNotNull();
      assertThat(value).isGreaterThanOrEqualTo((Long) sentRow.row.value(1));
    }

    @Override
    public FailureClassifier failureClassifier() {
      return RecordingWriter.create().failureClassifier();
    }
  }
}
