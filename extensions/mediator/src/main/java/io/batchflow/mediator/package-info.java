/** Messages and their handlers: see {@link io.batchflow.mediator.Mediator}. */
@NullMarked
package io.batchflow.mediator;

import org.jspecify.annotations.NullMarked;
