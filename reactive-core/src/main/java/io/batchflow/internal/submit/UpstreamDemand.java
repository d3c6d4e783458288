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
 * How a {@link RowStream} turns room into {@code request(n)}: it takes room first and asks then, so
 * that nothing comes which does not fit. A stream without room stands in line among the waiters.
 */
public final class UpstreamDemand {

  private static final long STOPPED = -1;
  private static final long ROW = 1L << 32;

  /** A row that is larger than expected by this factor tells nothing of those behind it. */
  private static final int SURPRISE = 4;

  private final Submitter submitter;
  private final Admission admission;
  private final Streams streams;
  private final RowStream stream;

  /** Rows come and not yet passed on as outcomes; the stream's. */
  private final AtomicInteger open;

  /**
   * Rows asked for and not yet come, and the units reserved for them; {@code STOPPED} once no more
   * may be.
   *
   * <pre>
   * | rows 31 | units 32 |
   * </pre>
   */
  private final AtomicLong asked = new AtomicLong();

  private final AtomicBoolean waiting = new AtomicBoolean();

  /** What a row is expected to cost, in {@link Admission}'s units. */
  private volatile int unitsEach = 1;

  /** The most rows to ask for: doubled by each row that is no larger than expected. */
  private volatile int most = 1;

  private volatile @Nullable Subscription upstream;

  UpstreamDemand(Submitter submitter, Streams streams, RowStream stream, AtomicInteger open) {
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

  /** Asks upstream for more, if there is room; stands in line if there is none. */
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
      stream.stop(admission.isClosed() ? FlowClosedException.stream() : submitter.tooManyStreams());
    }
  }

  /** Returns how many more rows the stream would like to ask for. */
  int wants() {
    long seen = asked.get();
    if (seen == STOPPED) {
      return 0;
    }
    int pending = rows(seen);
    return Math.min(mostAsked() - pending, streams.fairShare() - open.get() - pending);
  }

  private int mostAsked() {
    int share = Math.min(most, streams.askingShare());
    return Math.max(1, Math.min(share, streams.askingUnits() / unitsEach));
  }

  /** Takes room for as many rows as the stream wants and there is room for; rows and units. */
  private long reserve() {
    int wanted = wants();
    int each = unitsToAskBy();
    return wanted <= 0 ? 0 : admission.reserve(wanted, each) * (ROW + each);
  }

  private int unitsToAskBy() {
    return Math.min(unitsEach, streams.askingUnits());
  }

  /** The stream's turn in line has come; runs on the flow's scheduler. */
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

  /** Counts a row that has come. Returns the units reserved for it; -1 if it was not asked for. */
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

  /**
   * Charges a row that has come, and learns from it what the next will cost: at once where it costs
   * more, slowly where less.
   */
  int charge(int bytes, int reserved) {
    int units = admission.units(bytes);
    int before = unitsEach;
    int each = Math.max(units, before - (before - units) / 8);
    if (each != before) {
      unitsEach = each; // a fence, which most rows need not pay
    }
    int asks = most;
    if (units > (long) before * SURPRISE && asks > 1) {
      most = 1;
    } else if (asks < Streams.MOST_ASKED) {
      most = asks * 2;
    }
    return admission.charge(units, reserved);
  }

  /** Asks no more, and gives back the room of what has not come. */
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

  /** A stream has no room left to ask for a row; waits in line until there is some. */
  public final class RoomWanted extends Event {

    private long since;
    private long room;

    /** Takes its place in line. For the drain alone, as are the others. */
    void standsSince(long now) {
      since = now;
    }

    /** Returns the clock's time at which it took its place in line. */
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
     * Takes room for rows. Returns false where there is none yet and the stream must wait on.
     *
     * @param lentRows how many rows must find room again that have lent theirs
     * @param lentUnits what those rows are charged
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

    /** Has the stream ask for the rows that it has taken room for. */
    void proceed() {
      submitter.execute(() -> granted(room));
    }
  }
}
