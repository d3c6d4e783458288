package io.batchflow.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * An event that any thread posts to the {@link Inbox} for the drain, which handles one event at a
 * time. It is its own list node, so that a submission costs one object. The links belong first to
 * the inbox and then to the drain's {@link EventList}s.
 */
public abstract class Event {

  public @Nullable Event next;
  @Nullable Event previous;
  public @Nullable EventList list;

  /** How many events the inbox held with this one. */
  int depth;
}
