package io.batchflow.spring.boot.mediator;

import io.batchflow.mediator.Mediator;

/**
 * Changes the builder of the auto-configured mediator, after the handlers and behaviors of the
 * application were added. Beans of this type are called in their order.
 */
@FunctionalInterface
public interface MediatorBuilderCustomizer {

  /** Adds what is not a bean, or sets options of the flows of batch handlers. */
  void customize(Mediator.Builder builder);
}
