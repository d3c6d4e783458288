/**
 * The differential test: random tables and rows, written by a flow and, one row at a time, by plain
 * statements over the same driver. Both must end alike.
 */
@NullMarked
package io.batchflow.benchmarks.differential;

import org.jspecify.annotations.NullMarked;
