package io.batchflow.benchmarks;

import io.batchflow.testservers.KillableServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writers commit rows with messages, and three relays publish them. In turn, a relay is killed, a
 * relay is stopped until others hold its shards, and the database is killed.
 */
final class RelaysRun implements AutoCloseable {

  /**
   * How much is done.
   *
   * @param messagesEach how many messages are published between two incidents, at least
   */
  record Size(int incidents, int messagesEach) {}

  private record Relay(Process process, String holder) {}

  /** A condition. While the database is away, it does not hold. */
  private interface Condition {

    boolean holds() throws SQLException;
  }

  private static final int RELAYS = 3;

  private static final int KINDS = 3;
  private static final int BATCH = 100;
  private static final long TTL_MILLIS = 3_000;
  private static final long PATIENCE_SECONDS = 300;

  private final KillableServer server;
  private final Size size;
  private final DeliveredTables tables;
  private final List<Relay> relays = new ArrayList<>();
  private int started;
  private int mostDuplicates;

  RelaysRun(KillableServer server, Size size) {
    this.server = server;
    this.size = size;
    this.tables = new DeliveredTables(server.server());
  }

  Figure go(PrintWriter out) throws Exception {
    tables.create();
    for (int i = 0; i < RELAYS; i++) {
      relays.add(startRelay());
    }
    try (OutboxWriters writers = new OutboxWriters(server.server())) {
      writers.start();
      for (int incident = 0; incident < size.incidents(); incident++) {
        awaitMessages();
        disturb(incident % KINDS);
      }
      awaitMessages();
    }
    await("all messages leave", () -> tables.left() == 0);
    return report(out);
  }

  /** Holders have numbers, so that a new process is another one. */
  private Relay startRelay() throws IOException {
    String holder = "relay " + started++;
    Process process =
        ChildJvm.of(
                RelayApp.class,
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                server.server().r2dbcUrl("postgresql", null),
                holder,
                String.valueOf(BATCH),
                String.valueOf(TTL_MILLIS))
            .start();
    return new Relay(process, holder);
  }

  private void disturb(int kind) throws Exception {
    if (kind == KINDS - 1) {
      mostDuplicates += RELAYS * BATCH;
      server.kill();
      server.restart();
      return;
    }
    mostDuplicates += BATCH;
    await("a relay has shards", () -> relays.stream().anyMatch(this::holds));
    Relay victim = relays.stream().filter(this::holds).findFirst().orElse(relays.get(0));
    if (kind == 0) {
      victim.process().destroyForcibly().onExit().join();
      relays.set(relays.indexOf(victim), startRelay());
    } else {
      signal("-STOP", victim);
      await("others take its shards", () -> tables.shardsOf(victim.holder()) == 0);
      signal("-CONT", victim);
    }
  }

  private boolean holds(Relay relay) {
    try {
      return tables.shardsOf(relay.holder()) > 0;
    } catch (SQLException away) {
      return false;
    }
  }

  private static void signal(String signal, Relay relay) throws Exception {
    Shell.find("kill")
        .orElseThrow(() -> new IOException("There is no program 'kill'"))
        .run(Map.of(), List.of(signal, String.valueOf(relay.process().pid())));
  }

  private void awaitMessages() {
    long[] before = {-1};
    await(
        "more messages are published",
        () -> {
          long now = tables.delivered();
          before[0] = before[0] < 0 ? now : before[0];
          return now >= before[0] + size.messagesEach();
        });
  }

  private static void await(String what, Condition condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (SQLException away) {
        // the next attempt may find it
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new IllegalStateException("Waited in vain until " + what);
  }

  private Figure report(PrintWriter out) throws SQLException {
    long messages = tables.committed();
    long lost = messages - tables.deliveredOnce();
    long duplicates = tables.delivered() - tables.deliveredOnce();
    long disordered = tables.disordered();
    long handledTwice = tables.handledTwice();
    out.printf(
        Locale.ROOT,
        "PostgreSQL, %d relays, %d incidents, %,d messages: %d lost, %d published twice of at most"
            + " %d, %d out of order, %d handled twice, %d not handled%n",
        RELAYS,
        size.incidents(),
        messages,
        lost,
        duplicates,
        mostDuplicates,
        disordered,
        handledTwice,
        messages - tables.handledOnce());
    out.flush();
    return new Figure("relays")
        .with("incidents", String.valueOf(size.incidents()))
        .with("messages", String.valueOf(messages))
        .none("lost", lost)
        .atMost("duplicates", (double) duplicates, mostDuplicates)
        .none("disordered", disordered)
        .none("handled_twice", handledTwice)
        .none("not_handled", messages - tables.handledOnce());
  }

  @Override
  public void close() {
    relays.forEach(relay -> relay.process().destroyForcibly().onExit().join());
  }
}
