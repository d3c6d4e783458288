package io.batchflow.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A thread that helps does not wake the loop's own thread, and does not lose its timer. */
class ThreadEventLoopTest {

  private static final long PATIENCE = 30;

  private final ThreadEventLoop loop = new ThreadEventLoop("test");

  @AfterEach
  void stop() {
    loop.stop();
  }

  @Test
  void aThreadThatHelpsRunsThePassAndThenWhatIsKept() {
    List<String> happened = new ArrayList<>();
    Thread helper = Thread.currentThread();
    loop.start(
        () -> {
          if (happened.isEmpty()) {
            assertThat(loop.keep(() -> happened.add("kept on " + nameOf(helper)))).isNull();
          }
          happened.add("pass on " + nameOf(helper));
          return EventLoop.NO_DEADLINE;
        });

    loop.help();

    assertThat(happened).containsExactly("pass on helper", "kept on helper", "pass on helper");
  }

  private static String nameOf(Thread helper) {
    return Thread.currentThread() == helper ? "helper" : "another thread";
  }

  @Test
  void theLatestTaskIsKeptAndEarlierOnesAreGivenBack() {
    Runnable first = () -> {};
    Runnable second = () -> {};
    AtomicInteger passes = new AtomicInteger();
    List<Runnable> givenBack = new ArrayList<>();
    loop.start(
        () -> {
          if (passes.getAndIncrement() == 0) {
            assertThat(loop.keep(first)).isNull();
            givenBack.add(loop.keep(second));
          }
          return EventLoop.NO_DEADLINE;
        });

    loop.help();

    assertThat(givenBack).containsExactly(first);
  }

  @Test
  void thePassesOfTheLoopsOwnThreadKeepNothing() throws InterruptedException {
    Runnable task = () -> {};
    CountDownLatch notKept = new CountDownLatch(1);
    loop.start(
        () -> {
          if (loop.keep(task) == task) {
            notKept.countDown();
          }
          return EventLoop.NO_DEADLINE;
        });

    loop.wake();

    assertThat(notKept.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
  }

  /** Fails if the loop's own thread misses the next pass that a helper's pass has set. */
  @Test
  void theTimerOfAHelpersPassWakesTheLoopsOwnThread() throws InterruptedException {
    CountDownLatch timer = new CountDownLatch(1);
    AtomicInteger passes = new AtomicInteger();
    Thread helper = Thread.currentThread();
    loop.start(
        () -> {
          int before = passes.getAndIncrement();
          if (Thread.currentThread() != helper) {
            timer.countDown();
          }
          return before == 0 ? loop.now() + Duration.ofMillis(5).toNanos() : EventLoop.NO_DEADLINE;
        });

    loop.help();

    assertThat(timer.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
    assertThat(passes).hasValue(2);
  }

  @Test
  void whoeverHelpsWithinAKeptTaskGetsAnotherPassAfterIt() {
    AtomicInteger depth = new AtomicInteger();
    AtomicInteger passes = new AtomicInteger();
    loop.start(
        () -> {
          assertThat(depth).hasValue(0);
          if (passes.getAndIncrement() < 3) {
            loop.keep(
                () -> {
                  depth.incrementAndGet();
                  loop.help();
                  depth.decrementAndGet();
                });
          }
          return EventLoop.NO_DEADLINE;
        });

    loop.help();

    assertThat(passes).hasValue(4);
  }
}
