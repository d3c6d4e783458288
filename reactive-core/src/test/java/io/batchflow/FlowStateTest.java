package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.stats.Ledger;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/**
 * Any sequence of actions of callers, the backend and the clock. After each step the ledger counts
 * every caller. At the end every caller has one outcome, and the last row of each key is stored.
 */
class FlowStateTest {

  private static final int KEYS = 4;
  private static final int MAX_PENDING = 12;

  /** One submission and its outcome. */
  private static final class Caller {
    final long key;
    final long value;
    int ends;
    boolean written;
    boolean cancelled;
    Disposable subscription = () -> {};

    Caller(long key, long value) {
      this.key = key;
      this.value = value;
    }
  }

  /** The flow in virtual time, its backend and its callers. */
  private static final class World {
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final RecordingWriter writer = RecordingWriter.create();
    final List<Caller> callers = new ArrayList<>();
    final BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(BatchPolicy.builder().maxSize(3).maxDelay(Duration.ofMillis(5)).build())
            .concurrency(2)
            .maxPending(MAX_PENDING)
            .retry(Retry.fixedDelay(2, Duration.ofMillis(20)))
            .build();

    World() {
      time.advanceTime();
    }

    void submit(long key) {
      Caller caller = new Caller(key, callers.size());
      callers.add(caller);
      caller.subscription =
          flow.submit(Rows.row(Rows.UPSERTS, key, caller.value))
              .subscribe(
                  result -> {
                    caller.written = true;
                    caller.ends++;
                  },
                  error -> caller.ends++);
      time.advanceTime();
    }

    void cancel(int which) {
      if (!callers.isEmpty()) {
        Caller caller = callers.get(which % callers.size());
        caller.cancelled = true;
        caller.subscription.dispose();
        time.advanceTime();
      }
    }

    void fail(FailureKind kind) {
      writer.failing(writer.attempts() + 1, RecordingWriter.failure(kind));
    }

    void check() {
      Ledger ledger = flow.stats().ledger();
      assertThat(ledger.pending()).isBetween(0L, (long) MAX_PENDING);
      assertThat(callers).allMatch(caller -> caller.ends <= 1);
      long told = callers.stream().filter(caller -> caller.written).count();
      assertThat(ledger.written()).isGreaterThanOrEqualTo(told);
      assertThat(ledger.admitted() + flow.stats().turnedAway()).isLessThanOrEqualTo(callers.size());
    }

    void end() {
      writer.release();
      time.advanceTimeBy(Duration.ofHours(1));
      flow.close().subscribe();
      time.advanceTimeBy(Duration.ofHours(1));
      check();
      assertThat(flow.stats().ledger().isBalanced()).isTrue();
      assertThat(callers).allMatch(caller -> caller.cancelled || caller.ends == 1);
      Map<Object, Object> stored = new HashMap<>();
      writer.rows().forEach(row -> stored.put(row.value(0), row.value(1)));
      for (Caller caller : callers) {
        if (caller.written) {
          // A later row of its key may be stored instead, but never an earlier one.
          assertThat((Long) stored.get(caller.key)).isGreaterThanOrEqualTo(caller.value);
        }
      }
      assertThat(writer.timesClosed()).isEqualTo(1);
    }
  }

  private static Action.Independent<World> step(String name, Arbitrary<Runner> runners) {
    return () ->
        runners.map(
            runner ->
                Transformer.mutate(
                    name + " " + runner,
                    world -> {
                      runner.run(world);
                      world.check();
                    }));
  }

  /** An action, with a name for the report. */
  private record Runner(String name, Consumer<World> run) {

    void run(World world) {
      run.accept(world);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Runner does(Object name, Consumer<World> run) {
    return new Runner(String.valueOf(name), run);
  }

  @Provide
  Arbitrary<ActionChain<World>> lives() {
    Arbitrary<Runner> submits =
        Arbitraries.longs().between(0, KEYS - 1).map(key -> does(key, world -> world.submit(key)));
    Arbitrary<Runner> cancels =
        Arbitraries.integers()
            .between(0, 1_000)
            .map(which -> does(which, world -> world.cancel(which)));
    Arbitrary<Runner> waits =
        Arbitraries.integers()
            .between(1, 30)
            .map(ms -> does(ms, w -> w.time.advanceTimeBy(Duration.ofMillis(ms))));
    Arbitrary<Runner> fails =
        Arbitraries.of(FailureKind.class).map(kind -> does(kind, world -> world.fail(kind)));
    Arbitrary<Runner> holds =
        Arbitraries.of(
            does("hold", world -> world.writer.hold()),
            does("release", world -> world.writer.release()));
    Arbitrary<Runner> ends =
        Arbitraries.of(
            does("flush", world -> world.flow.flush().subscribe()),
            does("close", world -> world.flow.close(Duration.ofMillis(30)).subscribe()));
    return ActionChain.startWith(World::new)
        .withAction(12, step("submit", submits))
        .withAction(2, step("cancel", cancels))
        .withAction(5, step("wait", waits))
        .withAction(2, step("fail", fails))
        .withAction(2, step("backend", holds))
        .withAction(1, step("ask", ends))
        .withMaxTransformations(60);
  }

  @Property(tries = 1_000)
  void everyCallerIsToldOnceWhateverHappens(@ForAll("lives") ActionChain<World> life) {
    life.run().end();
  }
}
