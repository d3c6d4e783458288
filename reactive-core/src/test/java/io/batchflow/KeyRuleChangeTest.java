package io.batchflow;

import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * The rule for keys changes under load, as when a table is altered. The last submission of a key
 * still wins.
 */
class KeyRuleChangeTest {

  private static final int ROWS = 1_500;

  private static long number(Row row) {
    return (Long) Objects.requireNonNull(row.value(0));
  }

  /**
   * The backend treats keys with the same last digit as equal. Every rule is consistent with that.
   */
  private static long classOf(Row row) {
    return number(row) % 10;
  }

  private record Exact(long uncertainFrom) implements KeyEquality {

    @Override
    public Object key(Row row) {
      return number(row) >= uncertainFrom ? UNCERTAIN : classOf(row);
    }

    @Override
    public boolean isExact() {
      return true;
    }
  }

  private record Coarse(int classes) implements KeyEquality {

    @Override
    public Object key(Row row) {
      return List.of(classOf(row) % classes);
    }

    @Override
    public boolean isExact() {
      return false;
    }
  }

  private static final List<KeyEquality> RULES =
      List.of(
          new Exact(Long.MAX_VALUE),
          new Exact(95),
          new Coarse(5),
          new Coarse(2),
          KeyEquality.byBackend());

  /** A backend that compares last digits. A batch takes effect when it ends. */
  private static final class Backend implements BatchWriter {

    final Map<Long, Object> stored = new HashMap<>();
    private final VirtualTimeScheduler time;
    private final Random random;
    private KeyEquality rule = RULES.get(0);
    private boolean known;
    int most;
    private int inFlight;

    Backend(VirtualTimeScheduler time, Random random) {
      this.time = time;
      this.random = random;
    }

    void change(KeyEquality next) {
      rule = next;
      known = random.nextBoolean();
    }

    @Override
    public @Nullable KeyEquality keyEquality(Schema schema) {
      return known ? rule : null;
    }

    @Override
    public Mono<Void> lookUp(Schema schema) {
      return delay().then(Mono.fromRunnable(() -> known = true));
    }

    @Override
    public Mono<BatchResult> write(Batch batch) {
      if (batch.isDistinct() && !batch.keys().equals(rule)) {
        known = true;
        return Mono.error(new StaleKeysException(batch.schema()));
      }
      most = Math.max(most, ++inFlight);
      return delay()
          .map(
              tick -> {
                inFlight--;
                batch
                    .rows()
                    .forEach(row -> stored.put(classOf(row), Objects.requireNonNull(row.value(1))));
                return BatchResult.written(batch.size());
              });
    }

    private Mono<Long> delay() {
      return Mono.delay(Duration.ofMillis(1 + random.nextInt(20)), time);
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theLastSubmissionOfAKeyWinsWhateverRuleHolds(long seed) {
    Random random = new Random(seed);
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Backend backend = new Backend(time, random);
    BatchFlow flow =
        Rows.flow(backend, time)
            .concurrency(4)
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(1 + random.nextInt(9))
                    .maxDelay(Duration.ofMillis(random.nextInt(5)))
                    .build())
            .build();
    Map<Long, Object> expected = new HashMap<>();
    List<Rows.Probe<WriteResult>> kept = new ArrayList<>();

    for (int i = 0; i < ROWS; i++) {
      if (random.nextInt(60) == 0) {
        backend.change(RULES.get(random.nextInt(RULES.size())));
      }
      long id = random.nextInt(100);
      boolean kind = id % 10 < 8; // rows of the other keys are sometimes withdrawn
      Rows.Probe<WriteResult> probe = watch(flow.submit(row(UPSERTS, id, i)));
      if (kind) {
        expected.put(id % 10, i);
        kept.add(probe);
      } else if (random.nextInt(3) == 0) {
        probe.subscription.dispose();
      }
      if (random.nextInt(100) == 0) {
        flow.flush().subscribe();
      }
      time.advanceTimeBy(Duration.ofNanos(random.nextInt(1_500_000)));
    }
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(kept).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(backend.stored).containsAllEntriesOf(expected);
    assertThat(backend.most).isGreaterThan(1);
    assertThat(assertBalanced(flow).written()).isGreaterThanOrEqualTo(kept.size());
  }

  /** As if the table were altered all the time: rows wait, and none is lost. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aRuleThatChangesWithEveryBatchStopsNothing(long seed) {
    Random random = new Random(seed);
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Backend backend = new Backend(time, random);
    BatchFlow flow =
        Rows.flow(backend, time)
            .concurrency(3)
            .defaultPolicy(BatchPolicy.builder().maxSize(5).maxDelay(Duration.ofMillis(3)).build())
            .build();
    Map<Long, Object> expected = new HashMap<>();
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      backend.change(RULES.get(random.nextInt(RULES.size())));
      long id = random.nextInt(100);
      expected.put(id % 10, i);
      probes.add(watch(flow.submit(row(UPSERTS, id, i))));
      time.advanceTimeBy(Duration.ofMillis(random.nextInt(4)));
    }
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(probes).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(backend.stored).isEqualTo(expected);
    assertThat(assertBalanced(flow).written()).isEqualTo(300);
  }
}
