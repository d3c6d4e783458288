package io.batchflow.r2dbc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.Schema;
import io.batchflow.sql.SqlDialect;
import io.r2dbc.spi.Connection;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.publisher.Mono;

/** A write's deadline against its start. */
public class RunningStress {

  private static final Schema SCHEMA = Schema.table("items").columns("id").build();

  private RunningStress() {}

  private static Connection connection(Runnable closed) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                closed.run();
              }
              return Mono.empty();
            });
  }

  /**
   * Results: whether the statement ran, the server was asked to end it, and the write failed as not
   * sent. One that runs on unasked is what must not be.
   */
  @JCStressTest
  @Outcome(
      id = {"1, 1, 0", "0, 1, 1", "0, 0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class StartAndInterrupt {
    private final Running running = new Running(SqlDialect.h2(), SCHEMA);
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    @Actor
    public void start() {
      running
          .on(connection(() -> {}), Mono.just(7L), Mono.fromRunnable(ran::incrementAndGet))
          .subscribe(done -> {}, notSent -> failed.incrementAndGet());
    }

    @Actor
    public void interrupt() {
      running.interrupt(Mono.<Connection>empty().doFirst(asked::incrementAndGet)).subscribe();
    }

    @Arbiter
    public void arbiter(III_Result result) {
      result.r1 = ran.get();
      result.r2 = asked.get();
      result.r3 = failed.get();
    }
  }

  /** Results: as before, but the connection is closed instead. */
  @JCStressTest
  @Outcome(
      id = {"1, 1, 0", "0, 1, 1", "0, 0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class StartAndGiveUp {
    private final Running running = new Running(SqlDialect.h2(), SCHEMA);
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    @Actor
    public void start() {
      running
          .on(
              connection(closed::incrementAndGet),
              Mono.just(7L),
              Mono.fromRunnable(ran::incrementAndGet))
          .subscribe(done -> {}, notSent -> failed.incrementAndGet());
    }

    @Actor
    public void giveUp() {
      running.giveUp();
    }

    @Arbiter
    public void arbiter(III_Result result) {
      result.r1 = ran.get();
      result.r2 = closed.get();
      result.r3 = failed.get();
    }
  }
}
