package io.batchflow.internal.submit;

import io.batchflow.FlowClosedException;
import io.batchflow.internal.loop.Safely;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link RowStream}s that take rows now, and each one's fair share of the room. */
public final class Streams {

  /** The most rows that a stream has asked for and not yet got. */
  public static final int MOST_ASKED = 64;

  private final Admission admission;
  private final int maxPending;
  private final Set<RowStream> streams = ConcurrentHashMap.newKeySet();

  public Streams(Admission admission, int maxPending) {
    this.admission = admission;
    this.maxPending = maxPending;
  }

  void add(RowStream stream) {
    streams.add(stream);
  }

  void remove(RowStream stream) {
    streams.remove(stream);
  }

  public int count() {
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
    return Math.max(1, admission.maxUnits() / 2 / Math.max(1, streams.size()));
  }

  /** The most rows that a stream may have in the flow, outcomes not yet taken included. */
  int fairShare() {
    return Math.max(1, maxPending / Math.max(1, streams.size()));
  }

  /** Stops all streams from asking for more; runs their sources' code. */
  public void stopAll() {
    for (RowStream stream : streams) {
      Safely.run(() -> stream.stop(FlowClosedException.stream()));
    }
  }

  /** Takes back all room that was asked for; what still comes is turned away. */
  public void takeBackAll() {
    streams.forEach(stream -> stream.demand().stop());
  }
}
