package io.batchflow.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.lease.StoreInMemory.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Three competitors over links that lose, delay and fail requests and answers; a seed determines
 * when. Never do two believe that they hold the lease, and tokens only grow.
 */
class LeasePropertyTest {

  private static final int RUNS = 50;

  static LongStream seeds() {
    long first = System.nanoTime();
    return LongStream.range(first, first + RUNS);
  }

  private static final class Run {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final StoreInMemory store = new StoreInMemory(time);
    private final List<Link> links = new ArrayList<>();
    private final List<Integer> holders = new ArrayList<>();
    private final List<Long> tokens = new ArrayList<>();

    void compete() {
      for (int i = 0; i < 3; i++) {
        int competitor = i;
        Link link = new Link();
        links.add(link);
        Lease.builder(store.over(link), "lease")
            .ttl(Duration.ofSeconds(6))
            .scheduler(time)
            .build()
            .states()
            .subscribe(state -> changed(competitor, state));
      }
    }

    private void changed(int competitor, LeaseState state) {
      holders.remove((Integer) competitor);
      if (state.isHeld()) {
        assertThat(holders).as("other holders").isEmpty();
        holders.add(competitor);
        tokens.add(state.token());
      }
    }

    void breakLinks(Random random) {
      for (int i = 0; i < 2_000; i++) {
        Link link = links.get(random.nextInt(links.size()));
        Duration delay = Duration.ofMillis(random.nextInt(7_000));
        switch (random.nextInt(6)) {
          case 0 -> link.fault = request -> Mono.never();
          case 1 -> link.fault = request -> request.then(Mono.never());
          case 2 -> link.fault = request -> Mono.error(new IllegalStateException("down"));
          case 3 -> link.fault = request -> request.delayElement(delay, time);
          case 4 -> link.fault = request -> Mono.delay(delay, time).then(request);
          default -> link.fault = request -> request;
        }
        time.advanceTimeBy(Duration.ofMillis(random.nextInt(3_000)));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverDoTwoHoldTheLease(long seed) {
    Run run = new Run();
    run.compete();
    run.breakLinks(new Random(seed));

    assertThat(run.tokens)
        .as("seed %s", seed)
        .hasSizeGreaterThan(10)
        .isSorted()
        .doesNotHaveDuplicates();
  }
}
