/**
 * The API of BatchFlow: you submit single rows, the flow writes them in batches, and every row gets
 * an outcome.
 *
 * <p>Start with {@link io.batchflow.BatchFlow}.
 */
@NullMarked
package io.batchflow;

import org.jspecify.annotations.NullMarked;
