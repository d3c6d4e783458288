package io.batchflow.coalesce;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchPolicy;
import io.batchflow.test.LedgerAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Callers on real threads, with a handler that replies in any order, late, in part, or fails as a
 * whole; a seed determines what happens. Each caller gets the reply to its own call, once.
 */
class CoalescerPropertyTest {

  private static final int RUNS = 60;

  static LongStream seeds() {
    long first = System.nanoTime();
    return LongStream.range(first, first + RUNS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void eachCallerGetsTheReplyToItsOwnCall(long seed) throws Exception {
    try {
      Run run = new Run(seed);
      run.callFromSeveralThreads();
      run.check();
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError("seed " + seed, failure);
    }
  }

  /** What a call must lead to, by its last digits. */
  private enum Fate {
    VALUE,
    EMPTY,
    MISSING,
    FAILED_REPLY,
    FAILS_ALL;

    static Fate of(long call) {
      int digits = (int) (call % 100);
      return digits < 80
          ? VALUE
          : digits < 90 ? EMPTY : digits < 94 ? MISSING : digits < 98 ? FAILED_REPLY : FAILS_ALL;
    }
  }

  private static final class BadCallException extends RuntimeException {
    BadCallException() {
      super("bad call", null, false, false);
    }
  }

  private record Call(
      long number, List<String> signals, Sinks.Empty<Void> ended, boolean cancelled) {}

  private static final class Run {

    private final Random random;
    private final AtomicLong delays = new AtomicLong();
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Coalescer<Long, String> coalescer;
    private final boolean shares;

    Run(long seed) {
      random = new Random(seed);
      shares = random.nextBoolean();
      int maxSize = 1 + random.nextInt(50);
      int concurrency = 1 + random.nextInt(4);
      BatchPolicy policy =
          BatchPolicy.builder()
              .maxSize(maxSize)
              .maxDelay(Duration.ofMillis(random.nextInt(3)))
              .build();
      coalescer =
          Coalescer.builder("shuffled", this::handle)
              .shareEqualCalls(shares)
              .flow(
                  flow ->
                      flow.defaultPolicy(policy)
                          .concurrency(concurrency)
                          .maxPending(maxSize + random.nextInt(100)))
              .build();
    }

    /**
     * Works on the calls in another order, as a database returns rows, and puts replies in place.
     */
    private Mono<List<Reply<String>>> handle(List<Long> batch) {
      if (shares) {
        assertThat(batch).doesNotHaveDuplicates();
      }
      if (batch.stream().anyMatch(call -> Fate.of(call) == Fate.FAILS_ALL)) {
        return Mono.error(new BadCallException());
      }
      List<Long> shuffled = new ArrayList<>(batch);
      Collections.shuffle(shuffled, new Random(batch.get(0)));
      Map<Long, Reply<String>> replies = new HashMap<>();
      for (long call : shuffled) {
        switch (Fate.of(call)) {
          case VALUE -> replies.put(call, Reply.of("reply " + call));
          case EMPTY -> replies.put(call, Reply.empty());
          case FAILED_REPLY -> replies.put(call, Reply.failed(new BadCallException()));
          default -> {}
        }
      }
      List<Reply<String>> inPlace = new ArrayList<>();
      batch.forEach(call -> inPlace.add(replies.get(call)));
      return delays.incrementAndGet() % 3 == 0
          ? Mono.delay(Duration.ofMillis(1)).thenReturn(inPlace)
          : Mono.just(inPlace);
    }

    void callFromSeveralThreads() throws InterruptedException {
      int threads = 3;
      CountDownLatch done = new CountDownLatch(threads);
      for (int thread = 0; thread < threads; thread++) {
        Random own = new Random(random.nextLong());
        new Thread(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    send(own.nextInt(500), own.nextInt(20) == 0);
                  }
                  done.countDown();
                })
            .start();
      }
      assertThat(done.await(60, TimeUnit.SECONDS)).as("calling threads end").isTrue();
    }

    private void send(long number, boolean cancelled) {
      Call call =
          new Call(
              number, Collections.synchronizedList(new ArrayList<>()), Sinks.empty(), cancelled);
      calls.add(call);
      Disposable sent =
          coalescer
              .send(number)
              .doAfterTerminate(call.ended()::tryEmitEmpty)
              .subscribe(
                  call.signals()::add,
                  failure -> call.signals().add(nameOf(failure)),
                  () -> call.signals().add("complete"));
      if (cancelled) {
        sent.dispose();
      }
    }

    private static String nameOf(Throwable failure) {
      Throwable cause = failure instanceof CallFailedException ? failure.getCause() : failure;
      return String.valueOf(cause);
    }

    void check() {
      coalescer.close().block(Duration.ofSeconds(60));
      Flux.fromIterable(calls)
          .filter(call -> !call.cancelled())
          .concatMap(call -> call.ended().asMono())
          .blockLast(Duration.ofSeconds(30));
      LedgerAssertions.assertBalanced(coalescer);
      for (Call call : calls) {
        List<String> expected = expected(call.number());
        if (call.cancelled()) {
          assertThat(expected).as("call %s", call.number()).containsAll(call.signals());
        } else {
          assertThat(call.signals()).as("call %s", call.number()).isEqualTo(expected);
        }
      }
    }

    private static List<String> expected(long call) {
      return switch (Fate.of(call)) {
        case VALUE -> List.of("reply " + call, "complete");
        case EMPTY -> List.of("complete");
        case MISSING -> List.of(MissingReplyException.toOneCall().toString());
        case FAILED_REPLY, FAILS_ALL -> List.of(new BadCallException().toString());
      };
    }
  }
}
