package io.batchflow.internal.submit;

import io.batchflow.Overflow;
import org.jspecify.annotations.Nullable;

/**
 * What a caller has chosen instead of the policy of the table.
 *
 * @param overflow what happens when the flow is full; null for the choice of the policy
 * @param deliveryMillis the delivery timeout; 0 for that of the policy
 */
record CallOptions(@Nullable Overflow overflow, int deliveryMillis) {

  static final CallOptions NONE = new CallOptions(null, 0);
}
