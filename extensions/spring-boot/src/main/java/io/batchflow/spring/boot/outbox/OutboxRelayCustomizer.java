package io.batchflow.spring.boot.outbox;

import io.batchflow.r2dbc.outbox.OutboxRelay;

/**
 * Changes the builder of the auto-configured relay, such as its dead letters. Beans of this type
 * are called in their order.
 */
@FunctionalInterface
public interface OutboxRelayCustomizer {

  /** Sets options. */
  void customize(OutboxRelay.Builder relay);
}
