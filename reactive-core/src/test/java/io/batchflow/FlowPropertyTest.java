package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.control.TableControl;
import io.batchflow.stats.Ledger;
import io.batchflow.test.LedgerAssertions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * The whole flow on real threads. A seed determines sizes, delays, failures, cancellations and
 * pauses. Every submission ends in exactly one way, rows that are reported as written are stored,
 * and the ledger balances.
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

  /** One submission and its outcome. */
  private static final class Submitted {
    final Row row;
    final int thread;
    final long sequence;
    final AtomicInteger ends = new AtomicInteger();
    final Sinks.Empty<Void> ended = Sinks.empty();
    volatile @Nullable Throwable error;
    volatile boolean written;
    volatile boolean cancelled;

    Submitted(Row row, int thread, long sequence) {
      this.row = row;
      this.thread = thread;
      this.sequence = sequence;
    }

    void end(boolean written, @Nullable Throwable error) {
      this.written = written;
      this.error = error;
      ends.incrementAndGet();
      ended.tryEmitEmpty();
    }
  }

  private static final class Run {
    private final Random random;
    private final FaultyWriter writer;
    private final BatchFlow flow;
    private final ConcurrentLinkedQueue<Submitted> submissions = new ConcurrentLinkedQueue<>();

    /** Threads whose streams were stopped by the close. */
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

    /** A key belongs to one thread, so the order of that thread is the order of the key. */
    private Submitted newRow(Random own, int thread, int sequence) {
      Schema table = TABLES.get(own.nextInt(TABLES.size()));
      long id = thread + 3L * own.nextInt(table.conflictKey().isEmpty() ? 1 << 30 : 20);
      long value = thread + 3L * sequence;
      Submitted submission = new Submitted(Rows.row(table, id, value), thread, sequence);
      submission.row.tag(submission);
      submissions.add(submission);
      return submission;
    }

    private void submitOneByOne(Random own, int thread) {
      for (int i = 0; i < 300; i++) {
        Submitted submission = newRow(own, thread, i);
        Disposable subscription =
            flow.submit(submission.row)
                .subscribe(
                    result -> submission.end(true, null), error -> submission.end(false, error));
        if (own.nextInt(20) == 0) {
          submission.cancelled = true;
          subscription.dispose();
        }
        if (own.nextInt(100) == 0) {
          flow.flush().subscribe();
          pauseShortly(flow.control(submission.row.schema().table()));
        }
      }
    }

    private static void pauseShortly(TableControl table) {
      table
          .pause()
          .onErrorComplete(FlowClosedException.class)
          .then(Mono.delay(Duration.ofMillis(2)))
          .then(Mono.when(table.resume(), table.flush()))
          .subscribe();
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
                Submitted submission = (Submitted) outcome.row().tag();
                submission.end(outcome.isWritten(), outcome.error());
                if (open > 2 * maxPending) {
                  submission.end(
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
      writer.awaitIdle();
      // Outcomes are reported on the scheduler, so wait for each caller.
      Flux.fromIterable(submissions)
          .filter(submission -> !submission.cancelled && !isExcused(submission))
          .concatMap(submission -> submission.ended.asMono())
          .blockLast(Duration.ofSeconds(30));
    }

    /**
     * Whether the row came after the end of its stream, which has the stream's error as its
     * outcome.
     */
    private boolean isExcused(Submitted submission) {
      return submission.ends.get() == 0 && stopped.contains(submission.thread);
    }

    void check() {
      Ledger ledger = LedgerAssertions.assertBalanced(flow);
      Map<Schema, Map<Object, Submitted>> last = new HashMap<>();
      for (Submitted submission : submissions) {
        assertThat(submission.ends.get())
            .as("ends of a submission")
            .isEqualTo(submission.cancelled || isExcused(submission) ? submission.ends.get() : 1);
        assertThat(submission.ends.get()).isLessThanOrEqualTo(1);
        Throwable error = submission.error;
        boolean stored = writer.covers(submission.row);
        if (submission.written) {
          assertThat(stored).as("a row that is reported as written is stored").isTrue();
        } else if (error != null && !(error instanceof UnknownOutcomeException)) {
          assertThat(writer.holds(submission.row)).as("%s is not stored", error).isFalse();
        }
        if (submission.written && submission.row.schema().onConflict() != ConflictStrategy.IGNORE) {
          last.computeIfAbsent(submission.row.schema(), schema -> new HashMap<>())
              .merge(
                  submission.row.value(0), submission, (a, b) -> a.sequence > b.sequence ? a : b);
        }
      }
      assertThat(ledger.written())
          .isGreaterThanOrEqualTo(
              submissions.stream().filter(submission -> submission.written).count());
      for (Schema table : List.of(TABLES.get(1), TABLES.get(3))) {
        last.getOrDefault(table, Map.of())
            .values()
            .forEach(submission -> writer.checkNotOverwrittenByOlder(submission.row));
      }
    }
  }
}
