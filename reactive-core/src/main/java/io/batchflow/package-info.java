/**
 * Single rows in, batches out, an outcome for every row: the model, the front door and the engine.
 *
 * <p>{@link io.batchflow.BatchFlow} is the place to start.
 */
@NullMarked
package io.batchflow;

import org.jspecify.annotations.NullMarked;
