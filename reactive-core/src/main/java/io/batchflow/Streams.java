package io.batchflow;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link RequestStream}s that take rows now, and each one's fair share of the room. */
final class Streams {

  /** The most rows that a stream has asked for and not yet got. */
  static final int MOST_ASKED = 64;

  private final Engine engine;
  private final Set<RequestStream> streams = ConcurrentHashMap.newKeySet();

  Streams(Engine engine) {
    this.engine = engine;
  }

  void add(RequestStream stream) {
    streams.add(stream);
  }

  void remove(RequestStream stream) {
    streams.remove(stream);
  }

  int count() {
    return streams.size();
  }

  /**
   * The most rows that a stream may hold room for before they come: streams together at most half
   * of it, so that idle ones never shut out single submissions.
   */
  int askingShare() {
    return Math.max(1, Math.min(MOST_ASKED, fairShare() / 2));
  }

  /** The most bytes that a stream may hold room for before its rows come, in units: likewise. */
  int askingUnits() {
    return Math.max(1, engine.admission.maxUnits() / 2 / Math.max(1, streams.size()));
  }

  /** The most rows that a stream may have in the flow, outcomes not yet taken included. */
  int fairShare() {
    return Math.max(1, engine.settings.maxPending / Math.max(1, streams.size()));
  }

  /** Stops all streams from asking for more; runs their sources' code. */
  void stopAll() {
    for (RequestStream stream : streams) {
      Safely.run(() -> stream.stop(FlowClosedException.stream()));
    }
  }

  /** Takes back all room that was asked for; what still comes is turned away. */
  void takeBackAll() {
    streams.forEach(stream -> stream.demand().stop());
  }

  /** A stream has no room left to ask for a row; waits in line until there is some. */
  static final class RoomWanted extends Event {

    private final RequestStream stream;
    private long since;

    RoomWanted(RequestStream stream) {
      this.stream = stream;
    }

    @Override
    void happen(Engine engine) {
      since = engine.passTime();
      engine.waiters.add(this);
      if (stream.demand().isStopped()) {
        engine.waiters.remove(this);
      }
    }

    boolean belongsTo(RequestStream other) {
      return stream == other;
    }

    /** Returns the clock's time at which it took its place in line. */
    long since() {
      return since;
    }

    /** Returns false where there is no room yet. */
    boolean grant(Engine engine) {
      int wanted = stream.demand().wants();
      long granted = stream.demand().reserve(true);
      if (wanted > 0 && granted == 0 && !engine.admission.isClosed()) {
        return false;
      }
      engine.waiters.remove(this);
      engine.notice(() -> stream.demand().granted(granted));
      return true;
    }
  }

  /** A stream was cancelled: its rows that are not sealed yet are withdrawn. */
  static final class Cancelled extends Event {

    private final RequestStream stream;

    Cancelled(RequestStream stream) {
      this.stream = stream;
    }

    @Override
    void happen(Engine engine) {
      engine.waiters.remove(stream);
      for (Lane lane : engine.lanes.all()) {
        for (Window window : lane.windows()) {
          Event next;
          for (Event row = window.rows().first(); row != null; row = next) {
            next = row.next;
            if (row instanceof RequestStream.Row own
                && own.stream() == stream
                && own.moveAlone(Submission.QUEUED, Submission.WITHDRAWN)) {
              engine.withdraw(own);
            }
          }
        }
      }
    }
  }
}
