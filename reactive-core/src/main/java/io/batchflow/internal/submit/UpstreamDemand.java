package io.batchflow.internal.submit;

import io.batchflow.FlowClosedException;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.loop.Event;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/**
 * Turns room into {@code request(n)} for a {@link RowStream}. It reserves room before each request,
 * so that every requested row fits. A stream without room waits in the queue.
 */
public final class UpstreamDemand {

  private static final long STOPPED = -1;
  private static final long ROW = 1L << 32;

  /** A row larger than expected by this factor makes the expected size unreliable. */
  private static final int SURPRISE = 4;

  private final Submitter submitter;
  private final Admission admission;
  private final Streams streams;
  private final RowStream<?> stream;

  /** The stream's rows that have arrived and whose outcomes are not yet passed on. */
  private final AtomicInteger open;

  /**
   * Requested rows that have not arrived, and their reserved units; {@code STOPPED} at the end.
   *
   * <pre>
   * | rows 31 | units 32 |
   * </pre>
   */
  private final AtomicLong asked = new AtomicLong();

  private final AtomicBoolean waiting = new AtomicBoolean();

  /** Rows that wait for room of their paused table. No row is requested meanwhile. */
  private final AtomicInteger held = new AtomicInteger();

  /** The expected size of a row, in {@link Admission}'s units. */
  private volatile int unitsEach = 1;

  /** The maximum number of rows to request. Doubles with each row of the expected size. */
  private volatile int most = 1;

  private volatile @Nullable Subscription upstream;

  UpstreamDemand(Submitter submitter, Streams streams, RowStream<?> stream, AtomicInteger open) {
    this.submitter = submitter;
    this.admission = submitter.admission;
    this.streams = streams;
    this.stream = stream;
    this.open = open;
  }

  @Nullable Subscription upstream() {
    return upstream;
  }

  void start(Subscription subscription) {
    upstream = subscription;
  }

  void cancelUpstream() {
    Objects.requireNonNull(upstream, "upstream").cancel();
  }

  /** Requests rows from upstream if there is room, else waits in the queue. */
  void askMore() {
    long seen = asked.get();
    int pending = rows(seen);
    if (seen == STOPPED || pending > mostAsked() / 4) {
      return;
    }
    long room = reserve();
    if (room > 0) {
      ask(room);
    } else if (pending == 0 && wants() > 0 && waiting.compareAndSet(false, true)) {
      standInLine();
    }
  }

  private void standInLine() {
    if (admission.joinWaiters()) {
      submitter.post(new RoomWanted());
    } else {
      stream.stop(
          admission.isClosed()
              ? FlowClosedException.stream()
              : submitter.refusals.tooManyStreams());
    }
  }

  /** Returns how many more rows the stream may request. */
  int wants() {
    long seen = asked.get();
    if (seen == STOPPED || held.get() > 0) {
      return 0;
    }
    int pending = rows(seen);
    return Math.min(mostAsked() - pending, streams.fairShare() - open.get() - pending);
  }

  private int mostAsked() {
    int share = Math.min(most, streams.askingShare());
    return Math.max(1, Math.min(share, streams.askingUnits() / unitsEach));
  }

  /** Reserves room for as many of the wanted rows as fit. Returns rows and units. */
  private long reserve() {
    int wanted = wants();
    int each = unitsToAskBy();
    return wanted <= 0 ? 0 : admission.reserve(wanted, each) * (ROW + each);
  }

  private int unitsToAskBy() {
    return Math.min(unitsEach, streams.askingUnits());
  }

  /** The queue has granted room. Runs on the flow's scheduler. */
  private void granted(long room) {
    waiting.set(false);
    if (room > 0) {
      ask(room);
    } else {
      askMore();
    }
  }

  private void ask(long room) {
    long seen;
    do {
      seen = asked.get();
      if (seen == STOPPED) {
        submitter.giveBack(rows(room), units(room));
        return;
      }
    } while (!asked.compareAndSet(seen, seen + room));
    try {
      Objects.requireNonNull(upstream, "upstream").request(rows(room));
    } catch (Throwable thrown) {
      stream.fail(thrown);
    }
  }

  /** Counts an arrived row. Returns the units reserved for it; -1 if it was not requested. */
  int come() {
    while (true) {
      long seen = asked.get();
      if (seen <= 0) {
        return -1;
      }
      int reserved = units(seen) / rows(seen);
      if (asked.compareAndSet(seen, seen - ROW - reserved)) {
        return reserved;
      }
    }
  }

  /** Charges an arrived row and adjusts the expected size: upwards at once, downwards slowly. */
  int charge(int bytes, int reserved) {
    int units = admission.units(bytes);
    int before = unitsEach;
    int each = Math.max(units, before - (before - units) / 8);
    if (each != before) {
      unitsEach = each; // a volatile write, which most rows avoid
    }
    int asks = most;
    if (units > (long) before * SURPRISE && asks > 1) {
      most = 1;
    } else if (asks < Streams.MOST_ASKED) {
      most = asks * 2;
    }
    return admission.charge(units, reserved);
  }

  /** A row waits for room of its paused table. Called by the drain only. */
  void hold() {
    held.incrementAndGet();
  }

  /** A row no longer waits. Called by the drain only. */
  void letGo() {
    if (held.decrementAndGet() == 0) {
      submitter.execute(this::askMore);
    }
  }

  /** Stops requesting and returns the room of rows that have not arrived. */
  void stop() {
    long left = asked.getAndSet(STOPPED);
    if (left > 0) {
      submitter.giveBack(rows(left), units(left));
    }
  }

  boolean isStopped() {
    return asked.get() == STOPPED;
  }

  private static int rows(long room) {
    return (int) (room >>> 32);
  }

  private static int units(long room) {
    return (int) room;
  }

  /** A stream without room to request a row, which waits in the queue. */
  public final class RoomWanted extends Event {

    private long since;
    private long room;

    /** Joins the queue. Called by the drain only, like the other methods. */
    void standsSince(long now) {
      since = now;
    }

    /** Returns the time at which it joined the queue. */
    long since() {
      return since;
    }

    boolean belongsTo(Submission.Receiver other) {
      return stream == other;
    }

    boolean isStopped() {
      return UpstreamDemand.this.isStopped();
    }

    /**
     * Reserves room for rows. Returns false if there is none and the stream must continue to wait.
     *
     * @param lentRows the number of rows that have lent their room
     * @param lentUnits the units of those rows
     */
    boolean takeRoom(int lentRows, long lentUnits) {
      int wanted = wants();
      int each = unitsToAskBy();
      room =
          wanted <= 0
              ? 0
              : admission.reserveForWaiter(wanted, each, lentRows, lentUnits) * (ROW + each);
      return wanted <= 0 || room > 0 || admission.isClosed();
    }

    /** Lets the stream request the rows with reserved room. */
    void proceed() {
      submitter.execute(() -> granted(room));
    }
  }
}
