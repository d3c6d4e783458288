package io.batchflow.coalesce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.QueueFullException;
import io.batchflow.test.LedgerAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Calls with keys: the handler gets the calls of one key at a time. */
class CoalescerKeyTest {

  private static final Duration MOMENT = Duration.ofMillis(100);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final List<List<Integer>> lists = new ArrayList<>();
  private final Map<Integer, Sinks.Empty<Void>> slow = new HashMap<>();

  /** The key of a call is its tens. */
  private Coalescer.Builder<Integer, Integer> byTens() {
    return Coalescer.<Integer, Integer>builder("orders", this::handle)
        .key(call -> call / 10)
        .flow(
            flow ->
                flow.scheduler(time)
                    .concurrency(2)
                    .defaultPolicy(
                        BatchPolicy.builder()
                            .maxDelay(Duration.ofMillis(10))
                            .lingerWhenIdle(true)
                            .concurrency(1)
                            .build()));
  }

  private Mono<List<Reply<Integer>>> handle(List<Integer> calls) {
    lists.add(List.copyOf(calls));
    Mono<List<Reply<Integer>>> replies =
        Mono.fromSupplier(() -> calls.stream().map(Reply::of).toList());
    Sinks.Empty<Void> held = slow.get(calls.get(0) / 10);
    return held == null ? replies : held.asMono().then(replies);
  }

  @Test
  void aListHasTheCallsOfOneKeyInTheirOrder() {
    Coalescer<Integer, Integer> coalescer = byTens().build();
    List<Integer> replies = new ArrayList<>();
    for (int call : List.of(11, 25, 13, 21, 12)) {
      coalescer.send(call).subscribe(replies::add);
    }
    assertThat(coalescer.activeKeys()).isEqualTo(2);
    time.advanceTimeBy(MOMENT);

    assertThat(lists).containsExactlyInAnyOrder(List.of(11, 13, 12), List.of(25, 21));
    assertThat(replies).containsExactlyInAnyOrder(11, 12, 13, 21, 25);
    assertThat(coalescer.activeKeys()).isZero();
    assertThat(LedgerAssertions.assertBalanced(coalescer).written()).isEqualTo(5);
    assertThat(coalescer.stats().tables())
        .allMatch(table -> table.schema().table().equals("orders"));
  }

  @Test
  void aSlowKeyHoldsUpNoOther() {
    slow.put(1, Sinks.empty());
    Coalescer<Integer, Integer> coalescer = byTens().build();
    List<Integer> replies = new ArrayList<>();
    coalescer.send(11).subscribe(replies::add);
    time.advanceTimeBy(MOMENT);
    for (int call : List.of(12, 21, 13, 31)) {
      coalescer.send(call).subscribe(replies::add);
    }
    time.advanceTimeBy(MOMENT);
    assertThat(replies).containsExactlyInAnyOrder(21, 31);

    slow.get(1).tryEmitEmpty();
    time.advanceTimeBy(MOMENT);
    assertThat(lists).contains(List.of(12, 13));
    assertThat(replies).hasSize(5);
  }

  @Test
  void nothingIsKeptOfAKeyWithoutCalls() {
    Coalescer<Integer, Integer> coalescer = byTens().maxKeys(2).build();
    for (int key = 0; key < 100; key++) {
      coalescer.send(10 * key).subscribe();
      Disposable cancelled = coalescer.send(10 * key + 1).subscribe();
      cancelled.dispose();
      time.advanceTimeBy(MOMENT);
      assertThat(coalescer.activeKeys()).isZero();
    }
    assertThat(lists).hasSize(100);
  }

  @Test
  void aCallOfOneKeyTooManyIsTurnedAway() {
    Coalescer<Integer, Integer> coalescer = byTens().maxKeys(2).build();
    List<Throwable> failures = new ArrayList<>();
    for (int call : List.of(11, 21, 31, 12)) {
      coalescer.send(call).subscribe(reply -> {}, failures::add);
    }
    assertThat(failures)
        .singleElement()
        .isInstanceOf(QueueFullException.class)
        .extracting(Throwable::getMessage)
        .asString()
        .contains("orders", "maxKeys");
    time.advanceTimeBy(MOMENT);
    assertThat(lists).containsExactlyInAnyOrder(List.of(11, 12), List.of(21));
    coalescer.send(31).subscribe();
    time.advanceTimeBy(MOMENT);
    assertThat(lists).contains(List.of(31));
  }

  @Test
  void aKeyThatIsNullFailsItsCall() {
    Coalescer<Integer, Integer> coalescer = byTens().key(call -> call == 1 ? null : call).build();
    List<Throwable> failures = new ArrayList<>();
    coalescer.send(1).subscribe(reply -> {}, failures::add);
    assertThat(failures).singleElement().isInstanceOf(NullPointerException.class);
  }

  @Test
  void theNumberOfKeysIsBounded() {
    for (int wrong : List.of(0, 4_097)) {
      assertThatThrownBy(() -> byTens().maxKeys(wrong))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("maxKeys");
    }
  }

  /** Threads that enter and leave: two keys never have the same shard at the same time. */
  @Test
  void noShardIsSharedByTwoKeys() throws InterruptedException {
    int threads = 4;
    Shards shards = new Shards("orders", 64);
    Map<Object, Integer> keyOf = new ConcurrentHashMap<>();
    AtomicInteger faults = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(threads);
    for (int thread = 0; thread < threads; thread++) {
      Random random = new Random(thread);
      new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  int key = random.nextInt(threads);
                  Object shard = shards.enter(key);
                  Integer other = keyOf.put(shard, key);
                  if (other != null && other != key && keyOf.get(shard) != key) {
                    faults.incrementAndGet();
                  }
                  if (!shards.enter(key).equals(shard)) {
                    faults.incrementAndGet();
                  }
                  shards.leave(key);
                  shards.leave(key);
                }
                done.countDown();
              })
          .start();
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(faults).hasValue(0);
    assertThat(shards.size()).isZero();
  }
}
