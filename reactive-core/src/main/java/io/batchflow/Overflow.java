package io.batchflow;

/** What a submission does when the flow is full. */
public enum Overflow {
  /** It waits in a first-in-first-out queue, up to {@code maxWait}, without blocking a thread. */
  WAIT,
  /** It fails at once with {@link QueueFullException}. */
  FAIL
}
