package io.batchflow;

import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.control.TableControl;
import io.batchflow.stats.TableStats;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/**
 * Random rows, answers, failures, cancellations, pauses and shares, in virtual time. A table never
 * exceeds its share of slots and rows, one with reserved slots never waits for them, each row ends,
 * and the ledger balances.
 */
class SharePropertyTest {

  private static final int RUNS = 200;
  private static final int STEPS = 300;
  private static final int PENDING = 60;
  private static final int SLOTS = 5;
  private static final int RESERVED = 2;
  private static final Schema CAPPED = Schema.table("capped").columns("id", "value").build();
  private static final Schema URGENT = Schema.table("urgent").columns("id", "value").build();
  private static final List<Schema> TABLES = List.of(CAPPED, URGENT, Rows.EVENTS, Rows.UPSERTS);
  private static final BatchPolicy POLICY =
      BatchPolicy.builder().maxSize(5).maxDelay(Duration.ZERO).build();

  static LongStream seeds() {
    long first = System.nanoTime();
    return LongStream.range(first, first + RUNS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void sharesAndReservationsHold(long seed) {
    Run run = new Run(new Random(seed));
    for (int step = 0; step < STEPS; step++) {
      run.step();
      run.check();
    }
    run.end();
  }

  private static final class Run {

    private final Random random;
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<MonoSink<BatchResult>> writes = new ArrayList<>();
    private final Map<String, Integer> writing = new HashMap<>();

    /** The writes of the urgent table, which never wait for a retry. */
    private final Set<MonoSink<BatchResult>> urgent = new HashSet<>();

    private final List<Rows.Probe<WriteResult>> rows = new ArrayList<>();
    private final List<ManualSource> streams = new ArrayList<>();
    private final Overflow overflow;
    private final BatchFlow flow;
    private double share = 0.4;

    /** The largest share since the capped table had none of its rows in the flow. */
    private double largest = share;

    Run(Random random) {
      this.random = random;
      this.overflow = random.nextBoolean() ? Overflow.WAIT : Overflow.FAIL;
      this.flow =
          Rows.flow(new Writer(), time)
              .defaultPolicy(POLICY)
              .policy("capped", capped())
              .policy("urgent", POLICY.toBuilder().reserved(RESERVED).build())
              .maxPending(PENDING)
              .maxWaiters(40)
              .maxWait(Duration.ofSeconds(20))
              .concurrency(SLOTS)
              .retry(Retry.fixedDelay(3, Duration.ofSeconds(1)).jitter(0))
              .build();
      for (int i = 0; i < 2; i++) {
        streams.add(new ManualSource(flow));
      }
    }

    void step() {
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> submit(1 + random.nextInt(20));
        case 3, 4 -> give();
        case 5, 6, 7 -> answer();
        case 8 -> time.advanceTimeBy(Duration.ofMillis(random.nextInt(1_500)));
        case 9 -> cancel();
        case 10 -> change();
        default -> pauseOrResume();
      }
    }

    private Row newRow() {
      Schema table = TABLES.get(random.nextInt(2) * random.nextInt(TABLES.size()));
      return row(table, random.nextInt(10), random.nextInt());
    }

    private void submit(int count) {
      for (int i = 0; i < count; i++) {
        rows.add(watch(flow.submit(newRow())));
      }
    }

    private void give() {
      ManualSource stream = streams.get(random.nextInt(streams.size()));
      while (stream.demand() > 0 && random.nextInt(10) > 0) {
        stream.give(newRow());
      }
    }

    private void answer() {
      if (writes.isEmpty()) {
        return;
      }
      MonoSink<BatchResult> write = writes.get(random.nextInt(writes.size()));
      if (random.nextInt(8) == 0 && !urgent.contains(write)) {
        write.error(RecordingWriter.failure(FailureKind.TRANSIENT));
      } else {
        write.success();
      }
    }

    private void cancel() {
      if (!rows.isEmpty()) {
        rows.get(random.nextInt(rows.size())).subscription.dispose();
      }
    }

    private void change() {
      share = List.of(0.2, 0.4, 0.7).get(random.nextInt(3));
      largest = Math.max(largest, share);
      assertThat(watch(flow.control("capped").policy(capped())).errors).isEmpty();
    }

    private BatchPolicy capped() {
      return POLICY.toBuilder().share(share).overflow(overflow).build();
    }

    private void pauseOrResume() {
      TableControl events = flow.control("events");
      watch(events.isPaused() ? events.resume() : events.pause());
    }

    private long pending(Schema table) {
      return stats(table).mapToLong(each -> each.ledger().pending()).sum();
    }

    private Stream<TableStats> stats(Schema table) {
      return flow.control(table.table()).stats().stream();
    }

    private int writing(String table) {
      return writing.getOrDefault(table, 0);
    }

    void check() {
      if (pending(CAPPED) == 0 && flow.stats().waiting() == 0) {
        largest = share;
      }
      assertThat(pending(CAPPED)).as("rows").isLessThanOrEqualTo(Math.round(largest * PENDING));
      assertThat(writing("capped")).as("slots").isLessThanOrEqualTo((int) (largest * SLOTS));

      int all = writing.values().stream().mapToInt(Integer::intValue).sum();
      assertThat(all - writing("urgent")).as("others").isLessThanOrEqualTo(SLOTS - RESERVED);
      if (stats(URGENT).mapToLong(TableStats::queued).sum() > 0) {
        assertThat(writing("urgent")).as("reserved slots").isGreaterThanOrEqualTo(RESERVED);
      }
    }

    void end() {
      streams.forEach(ManualSource::cancel);
      Rows.Probe<Void> closed = watch(flow.close());
      for (int round = 0; round < 1_000 && !closed.isDone(); round++) {
        List.copyOf(writes).forEach(MonoSink::success);
        time.advanceTimeBy(Duration.ofMillis(10));
      }
      assertThat(closed.completions).isEqualTo(1);
      assertThat(rows).allMatch(each -> each.isDone() || each.subscription.isDisposed());
      assertThat(flow.stats().waiting()).isZero();
      assertBalanced(flow);
    }

    /** Answers when it is told. */
    private final class Writer implements BatchWriter {

      @Override
      public Mono<BatchResult> write(Batch batch) {
        String table = batch.schema().table();
        return Mono.<BatchResult>create(
                answer -> {
                  writing.merge(table, 1, Integer::sum);
                  writes.add(answer);
                  if (batch.schema().equals(URGENT)) {
                    urgent.add(answer);
                  }
                  answer.onDispose(() -> writes.remove(answer));
                })
            .switchIfEmpty(Mono.fromSupplier(() -> BatchResult.written(batch.size())))
            .doFinally(ended -> writing.merge(table, -1, Integer::sum));
      }

      @Override
      public FailureClassifier failureClassifier() {
        return RecordingWriter.create().failureClassifier();
      }

      @Override
      public Mono<Boolean> abandon(Batch batch) {
        return Mono.just(true);
      }
    }
  }
}
