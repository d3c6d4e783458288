package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.row;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.health.FlowHealth;
import io.batchflow.internal.submit.Streams;
import io.batchflow.test.RecordingWriter;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Streams hold no more bytes than the flow's limit, except rows that were requested before their
 * size was known.
 */
class ByteBoundTest {

  private static final int KIB = 1 << 10;
  private static final long BOUND = 4L << 20;

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create().hold();
  private final AtomicLong pulled = new AtomicLong();

  private BatchFlow flow() {
    return Rows.flow(writer, time)
        .maxPendingBytes(BOUND)
        .defaultPolicy(BatchPolicy.builder().maxBytes(BOUND / 4).build())
        .build();
  }

  private Row sized(int id, int bytes) {
    Row row = row(EVENTS, id, new byte[bytes]);
    pulled.addAndGet(bytes);
    return row;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10})
  void streamsOfLargeRowsAskByTheirSizeFromTheFirstRowOn(int streams) {
    BatchFlow flow = flow();
    int size = 128 * KIB;
    AtomicLong outcomes = new AtomicLong();
    for (int i = 0; i < streams; i++) {
      flow.submitAll(Flux.range(0, 100).map(id -> sized(id, size)))
          .subscribe(outcome -> outcomes.incrementAndGet());
    }

    assertThat(pulled.get()).isBetween(BOUND / 2, BOUND + (long) streams * size);
    writer.release();
    time.advanceTimeBy(Rows.SOON);
    assertThat(outcomes.get()).isEqualTo(100L * streams);
    assertBalanced(flow);
  }

  @Property(tries = 100)
  void rowsOfAnySizesExceedTheBoundByWhatWasAskedForAlone(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int streams) {
    ByteBoundTest fresh = new ByteBoundTest();
    BatchFlow flow = fresh.flow();
    Random random = new Random(seed);
    int large = (8 + random.nextInt(120)) * KIB;
    int small = 1 + random.nextInt(2 * KIB);
    int growsAt = random.nextInt(200);
    AtomicLong outcomes = new AtomicLong();
    for (int i = 0; i < streams; i++) {
      flow.submitAll(
              Flux.range(0, 300)
                  .map(id -> fresh.sized(id, id < growsAt ? small : random.nextInt(large))))
          .subscribe(outcome -> outcomes.incrementAndGet());
    }

    long unseen = (long) streams * Streams.MOST_ASKED * large;
    assertThat(fresh.pulled.get()).isLessThanOrEqualTo(BOUND + unseen);
    fresh.writer.release();
    fresh.time.advanceTimeBy(Rows.SOON);
    assertThat(outcomes.get()).isEqualTo(300L * streams);
    assertBalanced(flow);
    assertThat(flow.health().reasons()).doesNotContain(FlowHealth.Reason.NEARLY_FULL);
  }
}
