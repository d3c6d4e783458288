package io.batchflow.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between a client and a server. Simulates network faults: cut connections, lost answers,
 * stalls and delays. Faults apply to current and later connections. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

  private static final int BUFFER = 8_192;

  private final ServerSocket socket;
  private final String host;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stalled;
  private volatile boolean deaf;
  private volatile boolean refusing;
  private volatile long delayMillis;
  private final AtomicReference<Hold> next = new AtomicReference<>();

  private TcpProxy(String host, int target) throws IOException {
    this.socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    this.host = host;
    this.target = target;
    run("accept", this::accept);
  }

  /** Starts a proxy in front of a server. */
  public static TcpProxy before(String host, int port) throws IOException {
    return new TcpProxy(host, port);
  }

  /** Returns the port to connect to instead of the server's. */
  public int port() {
    return socket.getLocalPort();
  }

  /** Closes all connections without notice. New connections work. */
  public void cut() {
    open.forEach(TcpProxy::closeQuietly);
  }

  /** Ends the direction from the server on all connections. The other direction still works. */
  public void halfClose() {
    for (Socket each : open) {
      try {
        each.shutdownOutput();
      } catch (IOException gone) {
        closeQuietly(each);
      }
    }
  }

  /** Sets whether data stalls in both directions. Stalled data passes afterwards. */
  public void stall(boolean stalled) {
    this.stalled = stalled;
  }

  /** Sets whether answers of the server are lost. */
  public void swallowAnswers(boolean deaf) {
    this.deaf = deaf;
  }

  /** Sets whether new connections are closed at once. */
  public void refuse(boolean refusing) {
    this.refusing = refusing;
  }

  /** Sets the delay of each piece of data. */
  public void slowBy(long millis) {
    this.delayMillis = millis;
  }

  /** A piece of data that the proxy holds. */
  public static final class Hold {

    private final CountDownLatch caught = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Socket client;

    /** Waits until the proxy holds a piece. */
    public void awaitCaught() throws InterruptedException {
      caught.await();
    }

    /** Closes the connection to the client. The server does not notice. */
    public void loseClient() {
      Socket lost = client;
      if (lost != null) {
        closeQuietly(lost);
      }
    }

    /** Lets the piece pass. Waits until the server has it, or its connection is found closed. */
    public void release() throws InterruptedException {
      released.countDown();
      over.await();
    }
  }

  /**
   * Holds the next piece that a client sends. Its connection to the server stays open, even if the
   * client closes its own. All other connections continue.
   */
  public Hold holdNext() {
    Hold hold = new Hold();
    next.set(hold);
    return hold;
  }

  /** Ends all faults, except for held pieces. */
  public void heal() {
    stalled = false;
    deaf = false;
    refusing = false;
    delayMillis = 0;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        if (refusing) {
          closeQuietly(client);
        } else {
          join(client);
        }
      } catch (IOException closed) {
        // the loop checks whether the proxy is closed
      }
    }
  }

  private void join(Socket client) {
    try {
      Socket server = new Socket(host, target);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      open.add(client);
      run("there", () -> pump(client, server, false));
      run("back", () -> pump(server, client, true));
    } catch (IOException serverIsDown) {
      closeQuietly(client);
    }
  }

  private void pump(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        TimeUnit.MILLISECONDS.sleep(delayMillis);
        while (stalled && !from.isClosed() && !to.isClosed()) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        Hold hold = answers ? null : next.getAndSet(null);
        if (hold != null) {
          hold.client = from;
          hold.caught.countDown();
          hold.released.await();
        }
        try {
          if (!(answers && deaf)) {
            out.write(buffer, 0, n);
            out.flush();
          }
        } finally {
          if (hold != null) {
            hold.over.countDown();
          }
        }
      }
    } catch (IOException cut) {
      // both are closed
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void run(String name, Runnable task) {
    Thread thread = new Thread(task, "tcp-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // which is what was wanted
    }
  }

  /** Closes the port and all connections. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      // which is what was wanted
    }
    cut();
  }
}
