package io.batchflow.r2dbc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.Schema;
import io.batchflow.sql.SessionId;
import io.batchflow.sql.dialect.Dialects;
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

/** The deadline of a write races with its start. */
public class InFlightWriteStress {

  private InFlightWriteStress() {}

  /** A write and its outcome. */
  private static final class Write {

    private static final Schema SCHEMA = Schema.table("items").columns("id").build();

    /** The driver does not block, so a write that is given up loses its connection at once. */
    final InFlightWrite write = new InFlightWrite(Dialects.postgres(), SCHEMA);

    final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /** Counts the end of its connection as the end of the statement. */
    void start() {
      Connection connection =
          (Connection)
              Proxy.newProxyInstance(
                  Connection.class.getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                      ended.incrementAndGet();
                    }
                    return Mono.empty();
                  });
      write
          .on(
              connection,
              Mono.just(new SessionId(7, "mark")),
              write.send(Mono.fromRunnable(ran::incrementAndGet)))
          .subscribe(done -> {}, notSent -> failed.incrementAndGet());
    }

    void tell(III_Result result) {
      result.r1 = ran.get();
      result.r2 = ended.get();
      result.r3 = failed.get();
    }
  }

  /**
   * Results: whether the statement ran, the server was asked to end it, and the write failed as not
   * sent. A statement must not run on without a request to end it.
   */
  @JCStressTest
  @Outcome(
      id = {"1, 1, 0", "0, 1, 1", "0, 0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class StartAndInterrupt {
    private final Write write = new Write();

    @Actor
    public void start() {
      write.start();
    }

    @Actor
    public void interrupt() {
      write
          .write
          .interrupt(Mono.<R2dbcOtherSession>empty().doFirst(write.ended::incrementAndGet))
          .subscribe();
    }

    @Arbiter
    public void arbiter(III_Result result) {
      write.tell(result);
    }
  }

  /** Results: as above, but the connection is closed instead. */
  @JCStressTest
  @Outcome(
      id = {"1, 1, 0", "0, 1, 1", "0, 0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class StartAndGiveUp {
    private final Write write = new Write();

    @Actor
    public void start() {
      write.start();
    }

    @Actor
    public void giveUp() {
      write.write.giveUp();
    }

    @Arbiter
    public void arbiter(III_Result result) {
      write.tell(result);
    }
  }
}
