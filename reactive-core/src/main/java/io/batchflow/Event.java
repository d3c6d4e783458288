package io.batchflow;

import org.jspecify.annotations.Nullable;

/**
 * Something that happens to the engine. Any thread posts it to the {@link Inbox}; the drain, one at
 * a time, lets it happen. It is its own list node, so that a submission costs one object: the links
 * belong to the inbox first and to the drain's {@link EventList}s later.
 */
abstract class Event {

  @Nullable Event next;
  @Nullable Event previous;
  @Nullable EventList list;

  /** Runs in the drain. */
  abstract void happen(Engine engine);
}
