/** Single calls that a handler answers in batches: see {@link io.batchflow.coalesce.Coalescer}. */
@NullMarked
package io.batchflow.coalesce;

import org.jspecify.annotations.NullMarked;
