/**
 * The differential test: random tables and rows, written by a flow and also one row at a time by
 * plain statements over the same driver. Both must have the same result.
 */
@NullMarked
package io.batchflow.benchmarks.differential;

import org.jspecify.annotations.NullMarked;
