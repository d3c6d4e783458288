package io.batchflow.redis;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.lettuce.core.api.StatefulRedisConnection;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Connections are opened, lost, dropped and closed at the same time. None stays open. */
public class ReconnectingConnectionStress {

  private ReconnectingConnectionStress() {}

  /** A server that accepts connections at once. */
  private static final class Server {

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final ReconnectingConnection<StatefulRedisConnection<byte[], byte[]>> connection =
        new ReconnectingConnection<>(() -> CompletableFuture.completedFuture(open()));
    private volatile AtomicBoolean latest = new AtomicBoolean();

    @SuppressWarnings("unchecked")
    private StatefulRedisConnection<byte[], byte[]> open() {
      opened.incrementAndGet();
      AtomicBoolean isOpen = new AtomicBoolean(true);
      latest = isOpen;
      return (StatefulRedisConnection<byte[], byte[]>)
          Proxy.newProxyInstance(
              StatefulRedisConnection.class.getClassLoader(),
              new Class<?>[] {StatefulRedisConnection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("isOpen")) {
                  return isOpen.get();
                }
                closed.incrementAndGet();
                isOpen.set(false);
                return CompletableFuture.completedFuture(null);
              });
    }

    void lose() {
      latest.set(false);
    }

    String verdict(int open) {
      boolean fits = opened.get() - closed.get() == open;
      return fits ? "ok" : opened + " opened, " + closed + " closed";
    }
  }

  /** A batch requests the connection as the writer is closed: a new connection is closed, once. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class OpenAndClose {
    private final Server server = new Server();

    @Actor
    public void open() {
      CompletableFuture<?> unused = server.connection.get();
    }

    @Actor
    public void close() {
      server.connection.close().subscribe();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = server.verdict(0);
    }
  }

  /**
   * Two batches find the connection closed: one opens a new one for both, and the old one is
   * closed.
   */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class GoneForTwo {
    private final Server server = new Server();
    private CompletableFuture<?> one = server.connection.get();
    private CompletableFuture<?> two = one;

    public GoneForTwo() {
      server.lose();
    }

    @Actor
    public void ask() {
      one = server.connection.get();
    }

    @Actor
    public void askToo() {
      two = server.connection.get();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = one == two && server.opened.get() == 2 ? server.verdict(1) : "not the same";
    }
  }

  /** A connection is dropped as the writer is closed: it is closed once. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class DropAndClose {
    private final Server server = new Server();

    public DropAndClose() {
      CompletableFuture<?> unused = server.connection.get();
    }

    @Actor
    public void drop() {
      server.connection.drop();
    }

    @Actor
    public void close() {
      server.connection.close().subscribe();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = server.verdict(0);
    }
  }
}
