package io.batchflow.internal.loop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The event loops lose no wake-up and no timer, and never run two passes at once. */
public class EventLoopStress {

  private EventLoopStress() {}

  /** Passes that take all events, and detect each other. */
  private static final class Passes implements EventLoop.Pass {
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private volatile int taken;
    private volatile boolean met;
    private volatile long deadline = EventLoop.NO_DEADLINE;

    void leave(EventLoop loop) {
      left.incrementAndGet();
      loop.wake();
    }

    @Override
    public long run() {
      met |= running.incrementAndGet() > 1;
      taken = left.get();
      running.decrementAndGet();
      return deadline;
    }

    String verdict(int all) {
      return taken == all && !met ? "ok" : taken + " of " + all + (met ? ", two at once" : "");
    }
  }

  /** Runs tasks at once on the scheduling thread, and timers when told to. */
  private static final class Inline implements Scheduler {
    private final Queue<Timer> timers = new ConcurrentLinkedQueue<>();

    private record Timer(Runnable task, Disposable.Composite state) {}

    @Override
    public Disposable schedule(Runnable task) {
      task.run();
      return Disposables.disposed();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      Timer timer = new Timer(task, Disposables.composite());
      timers.add(timer);
      return timer.state;
    }

    void fire() {
      Timer timer = timers.poll();
      if (timer != null && !timer.state.isDisposed()) {
        timer.task.run();
      }
    }

    long armed() {
      return timers.stream().filter(timer -> !timer.state.isDisposed()).count();
    }

    @Override
    public Worker createWorker() {
      return Schedulers.immediate().createWorker();
    }
  }

  /** Two threads wake the loop: all their events are taken, by one pass at a time. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class WakeAndWake {
    private final Passes passes = new Passes();
    private final EventLoop loop = new SchedulerEventLoop(new Inline());

    public WakeAndWake() {
      loop.start(passes);
    }

    @Actor
    public void wake() {
      passes.leave(loop);
    }

    @Actor
    public void wakeTwice() {
      passes.leave(loop);
      passes.leave(loop);
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = passes.verdict(3);
    }
  }

  /** The timer fires as an event wakes the loop: a timer is always set for what is due. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class WakeAndFire {
    private final Passes passes = new Passes();
    private final Inline scheduler = new Inline();
    private final EventLoop loop = new SchedulerEventLoop(scheduler);
    private final long late = loop.now() + Duration.ofHours(1).toNanos();

    public WakeAndFire() {
      passes.deadline = late;
      loop.start(passes);
      loop.wake();
    }

    @Actor
    public void wake() {
      passes.deadline = late - 1;
      passes.leave(loop);
    }

    @Actor
    public void fire() {
      scheduler.fire();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = scheduler.armed() == 1 ? passes.verdict(1) : scheduler.armed() + " timers";
    }
  }

  /** The thread is woken again as it ends a pass and is about to park. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class WakeAndPark {
    private static final Passes PASSES = new Passes();
    private static final EventLoop LOOP = new ThreadEventLoop("stress");

    static {
      LOOP.start(PASSES);
    }

    @Actor
    public void wake(L_Result result) {
      PASSES.leave(LOOP);
      int all = PASSES.left.get();
      long late = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while (PASSES.taken != all && System.nanoTime() < late) {
        Thread.onSpinWait();
      }
      result.r1 = PASSES.verdict(all);
    }
  }

  /**
   * A thread helps while another wakes the loop: passes never overlap, and a kept task runs once.
   */
  @JCStressTest
  @Outcome(id = "ok, kept tasks done", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class HelpAndWake {
    private static final Passes PASSES = new Passes();
    private static final AtomicInteger DUE = new AtomicInteger();
    private static final AtomicInteger DONE = new AtomicInteger();
    private static final EventLoop LOOP = new ThreadEventLoop("stress-help");

    static {
      LOOP.start(
          () -> {
            if (PASSES.left.get() != PASSES.taken) {
              DUE.incrementAndGet();
              Runnable other = LOOP.keep(DONE::incrementAndGet);
              if (other != null) {
                other.run();
              }
            }
            return PASSES.run();
          });
    }

    @Actor
    public void wake() {
      PASSES.leave(LOOP);
    }

    @Actor
    public void help() {
      PASSES.left.incrementAndGet();
      LOOP.help();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      int all = PASSES.left.get();
      long late = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while ((PASSES.taken != all || DONE.get() != DUE.get()) && System.nanoTime() < late) {
        Thread.onSpinWait();
      }
      result.r1 =
          PASSES.verdict(all) + ", kept tasks " + (DONE.get() == DUE.get() ? "done" : "lost");
    }
  }
}
