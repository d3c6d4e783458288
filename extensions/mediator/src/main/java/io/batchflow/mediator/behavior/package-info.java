/** What a mediator can do around each call: see {@link io.batchflow.mediator.Behavior}. */
@NullMarked
package io.batchflow.mediator.behavior;

import org.jspecify.annotations.NullMarked;
