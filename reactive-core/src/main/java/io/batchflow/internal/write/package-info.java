/** Writes batches: attempts, retries, splits, dead letters and listeners. */
@NullMarked
package io.batchflow.internal.write;

import org.jspecify.annotations.NullMarked;
