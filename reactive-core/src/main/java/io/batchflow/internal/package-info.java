/**
 * The engine of {@link io.batchflow.BatchFlow}: the drain, the close, statistics and health.
 * Internal: code outside the project must not use this package or its subpackages.
 */
@NullMarked
package io.batchflow.internal;

import org.jspecify.annotations.NullMarked;
