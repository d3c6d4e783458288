/** A sketch of a sink of Flink that stores its records through a flow. */
@NullMarked
package io.batchflow.examples.flink;

import org.jspecify.annotations.NullMarked;
