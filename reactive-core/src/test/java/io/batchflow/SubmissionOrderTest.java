package io.batchflow;

import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.row;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A thread that submits both ways, by submit and by submitAll, gets the order of its submissions.
 */
class SubmissionOrderTest {

  private static final Duration WRITE = Duration.ofMillis(20);

  /** A source that says how many rows it was asked for, and gives them when told. */
  private static final class Source {

    private long asked;
    private Subscriber<? super Row> subscriber;

    Flux<Row> flux() {
      return Flux.from(
          actual -> {
            subscriber = actual;
            actual.onSubscribe(
                new Subscription() {
                  @Override
                  public void request(long n) {
                    asked += n;
                  }

                  @Override
                  public void cancel() {
                    asked = 0;
                  }
                });
          });
    }

    boolean give(Row row) {
      if (asked == 0) {
        return false;
      }
      asked--;
      subscriber.onNext(row);
      return true;
    }
  }

  @Property(tries = 300)
  void theLastSubmissionOfAKeyWinsWhicheverWayItCame(
      @ForAll long seed,
      @ForAll @IntRange(min = 4, max = 12) int maxPending,
      @ForAll @IntRange(min = 1, max = 3) int streams) {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    RecordingWriter writer = RecordingWriter.create().answeringAfter(WRITE, time);
    BatchFlow flow =
        Rows.flow(writer, time)
            .maxPending(maxPending)
            .defaultPolicy(BatchPolicy.builder().maxSize(2).maxDelay(Duration.ofMillis(1)).build())
            .build();
    List<Source> sources = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      Source source = new Source();
      sources.add(source);
      flow.submitAll(source.flux()).subscribe(outcomes::add);
    }
    Random random = new Random(seed);
    Map<Object, Object> last = new HashMap<>();
    List<WriteResult> results = new ArrayList<>();
    List<Throwable> errors = new ArrayList<>();
    int given = 0;
    int submitted = 0;
    for (int i = 0; i < 200; i++) {
      long key = random.nextInt(5);
      Row row = row(UPSERTS, key, i);
      if (random.nextBoolean() && sources.get(random.nextInt(streams)).give(row)) {
        given++;
      } else {
        flow.submit(row).subscribe(results::add, errors::add);
        submitted++;
      }
      last.put(key, i);
      if (random.nextInt(4) == 0) {
        time.advanceTimeBy(WRITE);
      }
    }
    time.advanceTimeBy(Duration.ofSeconds(20));

    assertThat(errors).isEmpty();
    assertThat(results).hasSize(submitted);
    assertThat(outcomes).hasSize(given).allMatch(Outcome::isWritten);
    Map<Object, Object> stored = new HashMap<>();
    writer
        .batches()
        .forEach(batch -> batch.rows().forEach(each -> stored.put(each.value(0), each.value(1))));
    assertThat(stored).isEqualTo(last);
    assertBalanced(flow);
  }
}
