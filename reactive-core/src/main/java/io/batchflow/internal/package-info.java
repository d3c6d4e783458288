/**
 * The engine behind {@link io.batchflow.BatchFlow}: the drain, the end of a flow, its statistics
 * and its health. Not for users: nothing outside the project may name this package or those below
 * it.
 */
@NullMarked
package io.batchflow.internal;

import org.jspecify.annotations.NullMarked;
