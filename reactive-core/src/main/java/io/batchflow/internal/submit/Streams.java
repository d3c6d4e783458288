package io.batchflow.internal.submit;

import io.batchflow.FlowClosedException;
import io.batchflow.internal.loop.Safely;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The active {@link RowStream}s and the fair share of room for each. */
public final class Streams {

  /** The maximum number of rows that a stream has requested and not received. */
  public static final int MOST_ASKED = 64;

  private final Admission admission;
  private final int maxPending;
  private final Set<RowStream<?>> streams = ConcurrentHashMap.newKeySet();

  public Streams(Admission admission, int maxPending) {
    this.admission = admission;
    this.maxPending = maxPending;
  }

  void add(RowStream<?> stream) {
    streams.add(stream);
  }

  void remove(RowStream<?> stream) {
    streams.remove(stream);
  }

  public int count() {
    return streams.size();
  }

  /**
   * The maximum number of rows for which a stream may reserve room. All streams together reserve at
   * most half of the room, so that idle streams never block single submissions.
   */
  int askingShare() {
    return Math.max(1, Math.min(MOST_ASKED, fairShare() / 2));
  }

  /** The maximum number of units that a stream may reserve, by the same rule. */
  int askingUnits() {
    return Math.max(1, admission.maxUnits() / 2 / Math.max(1, streams.size()));
  }

  /**
   * The maximum number of rows that a stream may have in the flow, including outcomes not yet
   * requested.
   */
  int fairShare() {
    return Math.max(1, maxPending / Math.max(1, streams.size()));
  }

  /** Stops all streams from requesting rows. Runs code of their sources. */
  public void stopAll() {
    for (RowStream<?> stream : streams) {
      Safely.run(() -> stream.stop(FlowClosedException.stream()));
    }
  }

  /** Takes back all reserved room. Rows that still arrive are turned away. */
  public void takeBackAll() {
    streams.forEach(stream -> stream.demand().stop());
  }
}
