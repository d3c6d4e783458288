package io.batchflow.internal.submit;

import io.batchflow.Overflow;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a caller enter the flow. All rows of the caller share it.
 *
 * @param submitter takes the rows
 * @param overflow what happens when the flow is full; null for the choice of the policy
 * @param deliveryMillis the delivery timeout; 0 for that of the policy
 */
public record Entry(Submitter submitter, @Nullable Overflow overflow, int deliveryMillis) {

  /** Returns that of callers who leave the choice to the policy. */
  public static Entry of(Submitter submitter) {
    return new Entry(submitter, null, 0);
  }

  Entry with(Overflow chosen) {
    return new Entry(submitter, chosen, deliveryMillis);
  }

  Entry with(int millis) {
    return new Entry(submitter, overflow, millis);
  }
}
