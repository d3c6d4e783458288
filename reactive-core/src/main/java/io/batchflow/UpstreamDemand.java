package io.batchflow;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/**
 * How a {@link RequestStream} turns room into {@code request(n)}: it takes room first and asks
 * then, so that nothing comes which does not fit. A stream without room stands in line among the
 * waiters.
 */
final class UpstreamDemand {

  private static final int STOPPED = -1;

  private final Engine engine;
  private final RequestStream stream;

  /** Rows come and not yet passed on as outcomes; the stream's. */
  private final AtomicInteger open;

  /** Rows asked for and not yet come, each with room taken; {@code STOPPED} once no more may be. */
  private final AtomicInteger asked = new AtomicInteger();

  private final AtomicBoolean waiting = new AtomicBoolean();

  /** What a row costs on average, in {@link Admission}'s units. */
  private volatile int unitsEach = 1;

  private volatile @Nullable Subscription upstream;

  UpstreamDemand(Engine engine, RequestStream stream, AtomicInteger open) {
    this.engine = engine;
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
    int pending = asked.get();
    if (pending == STOPPED || pending > engine.streams.askingShare() / 4) {
      return;
    }
    int room = reserve(false);
    if (room > 0) {
      ask(room);
    } else if (pending == 0 && wants() > 0 && waiting.compareAndSet(false, true)) {
      standInLine();
    }
  }

  private void standInLine() {
    if (engine.admission.joinWaiters()) {
      engine.intake.post(new Streams.RoomWanted(stream));
    } else {
      stream.stop(
          engine.admission.isClosed()
              ? FlowClosedException.stream()
              : QueueFullException.tooManyStreams(engine.settings.maxPending));
    }
  }

  /** Returns how many more rows the stream would like to ask for. */
  int wants() {
    int pending = asked.get();
    if (pending == STOPPED) {
      return 0;
    }
    Streams streams = engine.streams;
    return Math.min(streams.askingShare() - pending, streams.fairShare() - open.get() - pending);
  }

  /** Takes room for as many rows as the stream wants and there is room for. */
  int reserve(boolean firstInLine) {
    int wanted = wants();
    return wanted <= 0 ? 0 : engine.admission.reserve(wanted, unitsEach, firstInLine);
  }

  /** The stream's turn in line has come; runs on the flow's scheduler. */
  void granted(int room) {
    waiting.set(false);
    if (room > 0) {
      ask(room);
    } else {
      askMore();
    }
  }

  private void ask(int rows) {
    int pending;
    do {
      pending = asked.get();
      if (pending == STOPPED) {
        engine.intake.giveBack(rows);
        return;
      }
    } while (!asked.compareAndSet(pending, pending + rows));
    try {
      Objects.requireNonNull(upstream, "upstream").request(rows);
    } catch (Throwable thrown) {
      stream.fail(thrown);
    }
  }

  /** Counts a row that has come. Returns false if it was not asked for. */
  boolean come() {
    int pending;
    do {
      pending = asked.get();
      if (pending <= 0) {
        return false;
      }
    } while (!asked.compareAndSet(pending, pending - 1));
    return true;
  }

  /** Charges a row that has come, and learns from it what the next will cost. */
  int charge(int bytes) {
    int units = engine.admission.units(bytes);
    int before = unitsEach;
    int each = Math.max(1, (before * 7 + units) / 8);
    if (each != before) {
      unitsEach = each; // a fence, which most rows need not pay
    }
    return engine.admission.charge(units);
  }

  /** Asks no more, and gives back the room of what has not come. */
  void stop() {
    int left = asked.getAndSet(STOPPED);
    if (left > 0) {
      engine.intake.giveBack(left);
    }
  }

  boolean isStopped() {
    return asked.get() == STOPPED;
  }
}
