package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * One thread submits rows one by one and by streams, in any order, to a flow with little room. The
 * rows of each table are written in the order of submission, the bounds hold, and every caller gets
 * an outcome.
 */
class SubmissionOrderTest {

  private static final Schema FAILS =
      Schema.table("fails")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  @Property(tries = 2_000)
  void rowsAreAdmittedInTheOrderOfTheirSubmissionWhicheverWayTheyCome(@ForAll long seed) {
    Random random = new Random(seed);
    int streams = 3;
    int maxPending = streams + random.nextInt(8);
    BatchPolicy.Builder policy =
        BatchPolicy.builder()
            .maxSize(1 + random.nextInt(3))
            .maxBytes(SubmissionRun.BYTES / 2)
            .maxDelay(Duration.ofMillis(random.nextInt(2) * 5L))
            .concurrency(1);
    int concurrency = 1 + random.nextInt(2);
    SubmissionRun run =
        new SubmissionRun(
            random,
            streams,
            maxPending,
            List.of(Rows.EVENTS, Rows.UPSERTS, FAILS),
            flow ->
                flow.maxPendingBytes(SubmissionRun.BYTES)
                    .maxWait(SubmissionRun.MAX_WAIT)
                    .concurrency(concurrency)
                    .defaultPolicy(policy.build())
                    .policy(FAILS, policy.overflow(Overflow.FAIL).build()));
    for (int i = 0; i < 150; i++) {
      run.anyStep();
      run.checkBounds();
    }
    run.end();
    run.checkStored();
  }

  /** Nothing is cancelled and no wait ends without room, so every row is written. */
  @Property(tries = 300)
  void theLastSubmissionOfAKeyWinsWhicheverWayItCame(
      @ForAll long seed,
      @ForAll @IntRange(min = 4, max = 12) int maxPending,
      @ForAll @IntRange(min = 1, max = 3) int streams) {
    BatchPolicy policy = BatchPolicy.builder().maxSize(2).maxDelay(Duration.ofMillis(1)).build();
    SubmissionRun run =
        new SubmissionRun(
            new Random(seed),
            streams,
            maxPending,
            List.of(Rows.UPSERTS),
            flow -> flow.defaultPolicy(policy));
    for (int i = 0; i < 200; i++) {
      run.submitEitherWay();
      run.checkBounds();
    }
    run.end();
    run.checkStored();
    assertThat(run.sent).allMatch(row -> row.written);
    assertThat(run.stored()).isEqualTo(run.lastOfEachKey());
  }
}
