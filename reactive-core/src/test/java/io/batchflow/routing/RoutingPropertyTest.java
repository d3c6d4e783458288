package io.batchflow.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Rows;
import io.batchflow.Schema;
import io.batchflow.test.LedgerAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/**
 * Rows through writers that lose answers, apply writes late and go down and up; a seed determines
 * when. Outcomes mean the same as with one writer, whichever writer got the rows.
 */
class RoutingPropertyTest {

  private static final int ROWS = 60;

  private static final Schema IGNORED =
      Schema.table("ignored")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.IGNORE)
          .build();

  static LongStream seeds() {
    return LongStream.range(0, 400);
  }

  private static final class Run {

    final Random random;
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final boolean sameData;
    final List<Entrance.Store> stores = new ArrayList<>();
    final List<Entrance> entrances = new ArrayList<>();
    final IdentityHashMap<Row, OutcomeStatus> outcomes = new IdentityHashMap<>();
    final BatchFlow flow;

    Run(long seed) {
      random = new Random(new SplittableRandom(seed).nextLong()); // small seeds are alike
      sameData = random.nextBoolean();
      RoutingWriter.Builder writer =
          random.nextBoolean() ? RoutingWriter.roundRobin() : RoutingWriter.primaryStandby();
      for (int i = 0; i < 2 + random.nextInt(2); i++) {
        if (i == 0 || !sameData) {
          stores.add(new Entrance.Store());
        }
        Entrance entrance = new Entrance(stores.get(stores.size() - 1), random, time);
        entrances.add(entrance);
        writer.writer("writer " + i, entrance, 1 + random.nextInt(3), null);
      }
      flow =
          BatchFlow.builder(
                  writer
                      .sameData(sameData)
                      .failuresUntilDown(1 + random.nextInt(3))
                      .scheduler(time)
                      .build())
              .scheduler(time)
              .concurrency(1 + random.nextInt(4))
              .writeTimeout(Duration.ofSeconds(2))
              .writeGrace(Duration.ofSeconds(1))
              .retry(Retry.fixedDelay(random.nextInt(5), Duration.ofMillis(50)))
              .defaultPolicy(
                  BatchPolicy.builder()
                      .maxSize(1 + random.nextInt(5))
                      .maxDelay(Duration.ofMillis(20))
                      .build())
              .build();
    }

    /** Keys of rows that are merged would hide which of them was applied, so IGNORE has none. */
    private Row row(int number) {
      return switch (random.nextInt(3)) {
        case 0 -> Rows.row(Rows.EVENTS, number, number);
        case 1 -> Rows.row(IGNORED, 1_000 + number, number);
        default -> Rows.row(Rows.UPSERTS, random.nextInt(4), number);
      };
    }

    void submit() {
      for (int number = 0; number < ROWS; number++) {
        if (random.nextInt(10) == 0) {
          Entrance entrance = entrances.get(random.nextInt(entrances.size()));
          entrance.down = !entrance.down;
        }
        Row row = row(number);
        flow.submit(row)
            .subscribe(
                written -> outcomes.put(row, OutcomeStatus.WRITTEN),
                failure -> outcomes.put(row, ((BatchFlowException) failure).status()));
        time.advanceTimeBy(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 10 : 2_000)));
      }
      time.advanceTimeBy(Duration.ofMinutes(20));
    }

    int applied(Row row) {
      return stores.stream().mapToInt(store -> store.applied.getOrDefault(row, 0)).sum();
    }

    void check() {
      LedgerAssertions.assertBalanced(flow);
      assertThat(outcomes).hasSize(ROWS);
      stores.forEach(store -> assertThat(store.faults).isEmpty());
      outcomes.forEach(this::check);
      if (!sameData) {
        stores.stream().skip(1).forEach(store -> assertThat(store.newest).isEmpty());
      }
    }

    private void check(Row row, OutcomeStatus outcome) {
      String name = row.schema().table() + " " + Entrance.number(row) + " " + outcome;
      boolean merged = row.schema().equals(Rows.UPSERTS);
      if (row.schema().equals(Rows.EVENTS)) {
        assertThat(applied(row)).as(name).isLessThanOrEqualTo(1);
      }
      if (outcome == OutcomeStatus.WRITTEN && !merged) {
        assertThat(applied(row)).as(name).isPositive();
      }
      if (outcome == OutcomeStatus.WRITTEN && merged) {
        Row newest = stores.get(0).newest.get(row.value("id"));
        assertThat(newest).as(name).isNotNull();
        assertThat(Entrance.number(newest)).as(name).isGreaterThanOrEqualTo(Entrance.number(row));
      }
      if (outcome == OutcomeStatus.REJECTED || outcome == OutcomeStatus.NOT_SENT) {
        assertThat(applied(row)).as(name).isZero();
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anOutcomeMeansTheSameAsWithOneWriter(long seed) {
    Run run = new Run(seed);
    run.submit();
    run.check();
  }
}
