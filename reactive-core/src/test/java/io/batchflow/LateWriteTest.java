package io.batchflow;

import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.health.FlowHealth;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/**
 * Random schedules of rows, lost writes, withdrawals and late arrivals. The value of a row is the
 * number of its submission, so a table that ever goes back to a lower number shows a late write.
 */
class LateWriteTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final int ROWS = 30;

  /** One write: on its way for some time, then applied, unless it was ended before. */
  private static final class Write {

    final Batch batch;
    boolean sent;
    boolean ended;

    /**
     * Whether the writer has not ended it when it was asked to, so that it may come at any time.
     */
    boolean feared;

    Write(Batch batch) {
      this.batch = batch;
    }
  }

  /** A database behind a network that may hold any write for hours, and may lose any answer. */
  private static final class Database implements BatchWriter {

    private final Random random;
    private final VirtualTimeScheduler time;
    private final IdentityHashMap<Batch, Write> writes = new IdentityHashMap<>();
    final Map<Object, Integer> table = new HashMap<>();

    /** The last row of each key that its caller knows as written. */
    final Map<Object, Integer> known = new HashMap<>();

    final List<String> faults = new ArrayList<>();

    /** Whether health has warned of a late write. */
    boolean lateWrite;

    /** Whether every lost write can be ended at last. */
    private final boolean ends;

    Database(Random random, VirtualTimeScheduler time) {
      this.random = random;
      this.time = time;
      this.ends = random.nextBoolean();
    }

    private boolean oneIn(int times) {
      return random.nextInt(times) == 0;
    }

    private Mono<Long> after(int mostMillis) {
      return Mono.delay(Duration.ofMillis(1 + random.nextInt(mostMillis)), time);
    }

    @Override
    public Mono<BatchResult> write(Batch batch) {
      return Mono.defer(
          () -> {
            Write write = new Write(batch);
            writes.put(batch, write);
            return after(oneIn(6) ? 5_000 : 10).then(Mono.defer(() -> send(write)));
          });
    }

    private Mono<BatchResult> send(Write write) {
      if (write.ended) {
        return Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT));
      }
      checkOthers(write);
      write.sent = true;
      if (oneIn(2)) {
        apply(write);
        return Mono.just(BatchResult.written(write.batch.size()));
      }
      after(oneIn(2) ? 10_000_000 : 3_000).subscribe(arrived -> apply(write));
      return oneIn(2)
          ? Mono.never()
          : after(3_000).then(Mono.error(() -> RecordingWriter.failure(FailureKind.UNKNOWN)));
    }

    /** No other write of these rows may be on its way, and none of their keys without a warning. */
    private void checkOthers(Write write) {
      for (Write other : writes.values()) {
        for (Row row : other.sent && !other.ended ? other.batch.rows() : List.<Row>of()) {
          if (write.batch.rows().contains(row)) {
            faults.add("row " + row.value("value") + " is sent again too early");
          }
          boolean sameKey =
              write.batch.rows().stream()
                  .anyMatch(each -> Objects.equals(each.value("id"), row.value("id")));
          if (sameKey && !other.feared) {
            faults.add("row " + row.value("value") + " is still on its way");
          }
        }
      }
    }

    private void apply(Write write) {
      if (write.ended) {
        return;
      }
      write.ended = true;
      for (Row row : write.batch.rows()) {
        Object key = Objects.requireNonNull(row.value("id"));
        int value = (Integer) Objects.requireNonNull(row.value("value"));
        if (value < known.getOrDefault(key, -1) && !write.feared) {
          faults.add("row " + value + " arrived after row " + known.get(key));
        }
        table.put(key, value);
      }
    }

    @Override
    public Mono<Void> interrupt(Batch batch) {
      return Mono.empty();
    }

    @Override
    public boolean withdraw(Batch batch) {
      Write write = writes.get(batch);
      if (write == null || write.sent) {
        return false;
      }
      write.ended = true;
      return true;
    }

    @Override
    public Mono<Boolean> abandon(Batch batch) {
      Write write = Objects.requireNonNull(writes.get(batch), "a batch that was never written");
      return Mono.defer(
          () -> {
            if (!ends && oneIn(4)) {
              write.feared = true;
              return after(100).thenReturn(false);
            }
            if (!ends && oneIn(4)) {
              write.feared = true;
              return oneIn(2) ? Mono.never() : Mono.error(new IllegalStateException("no session"));
            }
            return after(100)
                .then(
                    Mono.fromSupplier(
                        () -> {
                          write.ended = true;
                          write.feared = false;
                          return true;
                        }));
          });
    }

    @Override
    public FailureClassifier failureClassifier() {
      return RecordingWriter.create().failureClassifier();
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aLostWriteNeverOverwritesARowThatIsKnownAsWritten(long seed) {
    Random random = new Random(new SplittableRandom(seed).nextLong()); // small seeds are alike
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Database database = new Database(random, time);
    BatchFlow flow =
        Rows.flow(database, time)
            .concurrency(1 + random.nextInt(4))
            .writeTimeout(TIMEOUT)
            .writeGrace(GRACE)
            .retry(Retry.fixedDelay(random.nextInt(4), Duration.ofMillis(50)))
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(1 + random.nextInt(5))
                    .maxDelay(Duration.ofMillis(20))
                    .build())
            .build();
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int number = i;
      long key = random.nextInt(4);
      probes.add(
          watch(
              flow.submit(row(UPSERTS, key, number))
                  .doOnNext(written -> know(database, key, number))));
      time.advanceTimeBy(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 10 : 2_000)));
      database.lateWrite |= hasLateWrite(flow);
    }
    for (int i = 0; i < 1_000; i++) {
      time.advanceTimeBy(Duration.ofMillis(500));
      database.lateWrite |= hasLateWrite(flow);
    }
    time.advanceTimeBy(Duration.ofHours(10));

    LedgerAssertions.assertBalanced(flow);
    assertThat(probes).allMatch(Rows.Probe::isDone);
    assertThat(database.faults).isEmpty();
    boolean feared = database.writes.values().stream().anyMatch(write -> write.feared);
    if (feared) {
      assertThat(database.lateWrite).isTrue();
    }
    List<OutcomeStatus> statuses = Rows.statuses(probes);
    database.table.forEach(
        (key, number) ->
            assertThat(statuses.get(number)).isIn(OutcomeStatus.WRITTEN, OutcomeStatus.UNKNOWN));
    database.known.forEach(
        (key, number) -> {
          if (!feared) {
            assertThat(database.table.get(key)).isGreaterThanOrEqualTo(number);
          }
        });
  }

  private static void know(Database database, Object key, int number) {
    database.known.merge(key, number, Math::max);
    Integer stored = database.table.get(key);
    if (stored == null || stored < number) {
      database.faults.add("row " + number + " is told as written, but " + stored + " is stored");
    }
  }

  private static boolean hasLateWrite(BatchFlow flow) {
    return flow.health().reasons().contains(FlowHealth.Reason.LATE_WRITE);
  }
}
