package io.batchflow;

/** What a submission does when the flow is full. */
public enum Overflow {
  /** It waits its turn, first come first served, without a thread, up to {@code maxWait}. */
  WAIT,
  /** It fails at once with {@link QueueFullException}. */
  FAIL
}
