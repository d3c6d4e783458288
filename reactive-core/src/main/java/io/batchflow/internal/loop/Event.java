package io.batchflow.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * Something that any thread posts to the {@link Inbox} for the drain, which handles one event at a
 * time. It is its own list node, so that a submission costs one object: the links belong to the
 * inbox first and to the drain's {@link EventList}s later.
 */
public abstract class Event {

  public @Nullable Event next;
  @Nullable Event previous;
  public @Nullable EventList list;

  /** How many events the inbox held with this one. */
  int depth;
}
