package io.batchflow.internal.lane;

import java.util.ArrayList;
import java.util.List;

/** The rows between two flushes: see {@link FlushTracker}, which alone changes it. */
public final class FlushEpoch {

  int pending;
  final List<Runnable> flushes = new ArrayList<>(0);

  /** Whether a flush waits for these rows. */
  boolean closed;
}
