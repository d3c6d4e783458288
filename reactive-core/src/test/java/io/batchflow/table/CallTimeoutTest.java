package io.batchflow.table;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Overflow;
import io.batchflow.QueueFullException;
import io.batchflow.RowExpiredException;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** A row with a delivery timeout of its own expires at that, whatever the rows around it have. */
class CallTimeoutTest {

  private static final Schema EVENTS = Schema.table("events").columns("id").build();
  private static final RowMapper<Integer> MAPPER =
      RowMapper.of(EVENTS, (id, row) -> row.set(0, id));

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final Map<Integer, String> ends = new HashMap<>();

  /** A flow whose only slot is taken by the first row. */
  private BatchFlow.Builder flow(BatchPolicy.Builder policy) {
    return BatchFlow.builder(writer).scheduler(time).concurrency(1).defaultPolicy(policy.build());
  }

  private static BatchPolicy.Builder policy() {
    return BatchPolicy.builder().maxSize(10);
  }

  private Disposable submit(Table<Integer> table, int id) {
    return table
        .submit(id)
        .subscribe(result -> ends.put(id, "written"), error -> ends.put(id, describe(error)));
  }

  private static String describe(Throwable error) {
    return error instanceof RowExpiredException expired
        ? "expired after " + expired.deliveryTimeout().toMillis()
        : error.getClass().getSimpleName();
  }

  private void after(long millis) {
    time.advanceTimeBy(Duration.ofMillis(millis));
  }

  @Test
  void aCallExpiresAtItsOwnTimeoutAndTheOthersWait() {
    writer.hold();
    BatchFlow flow = flow(policy()).build();
    Table<Integer> table = flow.table(MAPPER);
    submit(table, 0);
    after(0);
    submit(table, 1);
    submit(table.with(Duration.ofSeconds(2)), 2);
    submit(table.with(Duration.ofSeconds(1)), 3);

    after(999);
    assertThat(ends).isEmpty();
    after(1);
    assertThat(ends).isEqualTo(Map.of(3, "expired after 1000"));
    after(1_000);
    assertThat(ends).isEqualTo(Map.of(3, "expired after 1000", 2, "expired after 2000"));

    writer.release();
    after(1_000);
    assertThat(ends).containsEntry(0, "written").containsEntry(1, "written");
    assertThat(writer.rows()).hasSize(2);
    assertThat(assertBalanced(flow).notSent()).isEqualTo(2);
  }

  @Test
  void aLongerTimeoutOutlivesThatOfThePolicy() {
    writer.hold();
    BatchFlow flow = flow(policy().deliveryTimeout(Duration.ofSeconds(2))).build();
    Table<Integer> table = flow.table(MAPPER);
    submit(table, 0);
    after(0);
    submit(table, 1);
    submit(table.with(Duration.ofSeconds(10)), 2);
    submit(table, 3);

    after(2_000);
    assertThat(ends).isEqualTo(Map.of(1, "expired after 2000", 3, "expired after 2000"));
    after(7_999);
    assertThat(ends).hasSize(2);
    after(1);
    assertThat(ends).containsEntry(2, "expired after 10000");
    writer.release();
    after(1_000);
    assertBalanced(flow);
  }

  @Test
  void theRowsOfAStreamExpireToo() {
    writer.hold();
    BatchFlow flow = flow(policy()).build();
    Table<Integer> table = flow.table(MAPPER);
    submit(table, 0);
    after(0);
    List<Outcome<Integer>> outcomes = new ArrayList<>();
    table.with(Duration.ofSeconds(1)).submitAll(Flux.just(1, 2)).subscribe(outcomes::add);

    after(1_000);

    assertThat(outcomes)
        .hasSize(2)
        .allSatisfy(
            outcome -> {
              assertThat(outcome.status()).isEqualTo(OutcomeStatus.NOT_SENT);
              assertThat(outcome.error()).isInstanceOf(RowExpiredException.class);
            });
    writer.release();
    after(1_000);
    assertBalanced(flow);
  }

  @Test
  void aCallThatWaitsForRoomExpiresToo() {
    writer.hold();
    BatchFlow flow = flow(policy()).maxPending(10).maxWait(Duration.ofSeconds(30)).build();
    Table<Integer> table = flow.table(MAPPER);
    for (int id = 0; id < 10; id++) {
      submit(table, id);
    }
    after(0);
    submit(table.with(Duration.ofSeconds(1)), 10);
    submit(table.with(Duration.ofMinutes(1)), 11);
    submit(table.with(Duration.ofSeconds(1)).with(Overflow.FAIL), 12);

    after(1_000);
    assertThat(ends)
        .isEqualTo(Map.of(10, "expired after 1000", 12, QueueFullException.class.getSimpleName()));
    after(29_000);
    assertThat(ends).containsEntry(11, QueueFullException.class.getSimpleName());
    writer.release();
    after(1_000);
    assertBalanced(flow);
  }

  @Test
  void aCallIsNotRetriedAfterItsTimeoutButItsBatchIs() {
    for (int attempt = 1; attempt <= 5; attempt++) {
      writer.failing(attempt, RecordingWriter.failure(FailureKind.TRANSIENT));
    }
    BatchFlow flow =
        flow(policy().lingerWhenIdle(true))
            .retry(Retry.fixedDelay(10, Duration.ofMillis(300)))
            .build();
    Table<Integer> table = flow.table(MAPPER);
    submit(table, 0);
    submit(table.with(Duration.ofSeconds(1)), 1);

    after(60_000);

    assertThat(ends).isEqualTo(Map.of(0, "written", 1, "expired after 1000"));
    assertThat(writer.attempts()).isEqualTo(6);
    assertBalanced(flow);
  }

  @Test
  void aTimeoutHasTheBoundsOfThatOfThePolicy() {
    Table<Integer> table = flow(policy().maxDelay(Duration.ofMillis(20))).build().table(MAPPER);

    for (Duration bad :
        new Duration[] {null, Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2)}) {
      assertThatThrownBy(() -> table.with(bad))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("deliveryTimeout");
    }
    assertThatThrownBy(() -> table.with(Duration.ofMillis(20)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("maxDelay")
        .hasMessageContaining("deliveryTimeout (PT0.02S)");
  }

  @ParameterizedTest
  @ValueSource(longs = {20_000_001, 20_999_999, 21_000_000})
  void aTimeoutIsRoundedUpToMilliseconds(long nanos) {
    writer.hold();
    Table<Integer> table = flow(policy().maxDelay(Duration.ofMillis(20))).build().table(MAPPER);
    submit(table, 0);
    after(0);
    submit(table.with(Duration.ofNanos(nanos)), 1);
    after(1_000);

    assertThat(ends).isEqualTo(Map.of(1, "expired after 21"));
  }

  static LongStream seeds() {
    long first = System.nanoTime();
    return LongStream.range(first, first + 200);
  }

  /** Rows of random timeouts, keys and callers wait behind a batch that does not return. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyRowExpiresAtItsOwnTime(long seed) {
    Random random = new Random(seed);
    ConflictStrategy strategy =
        random.nextBoolean() ? ConflictStrategy.UPDATE : ConflictStrategy.FAIL;
    Schema schema =
        Schema.table("keyed").columns("id", "n").conflictKey("id").onConflict(strategy).build();
    BatchPolicy.Builder policy = policy().maxSize(1_000);
    long ofPolicy = random.nextBoolean() ? 50 + random.nextInt(500) : 0;
    if (ofPolicy > 0) {
      policy.deliveryTimeout(Duration.ofMillis(ofPolicy));
    }
    writer.hold();
    int concurrency = 1 + random.nextInt(3);
    BatchFlow flow =
        BatchFlow.builder(writer)
            .scheduler(time)
            .concurrency(concurrency)
            .defaultPolicy(policy.build())
            .build();
    Table<Integer> table =
        flow.table(RowMapper.of(schema, (n, row) -> row.set(0, n % 20).set(1, n)));
    for (int first = 0; first < concurrency; first++) {
      flow.table(RowMapper.of(Schema.table("slot" + first).columns("id").build(), MAPPER::map))
          .submit(first)
          .subscribe();
    }
    after(0);
    Map<Integer, Long> expected = new HashMap<>();
    Map<Integer, Long> expired = new HashMap<>();
    for (int n = 0; n < 60; n++) {
      int row = n;
      long now = time.now(TimeUnit.MILLISECONDS);
      long own = random.nextInt(3) == 0 ? 0 : 11 + random.nextInt(1_000);
      Table<Integer> at = own == 0 ? table : table.with(Duration.ofMillis(own));
      Disposable submitted =
          at.submit(n).subscribe(null, error -> expired.put(row, time.now(TimeUnit.MILLISECONDS)));
      if (random.nextInt(10) == 0) {
        submitted.dispose();
      } else if (own + ofPolicy > 0) {
        expected.put(n, now + (own > 0 ? own : ofPolicy));
      }
      after(random.nextInt(20));
    }

    for (int step = 0; step < 2_000; step++) {
      after(1);
    }

    assertThat(expired).isEqualTo(expected);
    writer.release();
    after(60_000);
    assertBalanced(flow);
  }
}
