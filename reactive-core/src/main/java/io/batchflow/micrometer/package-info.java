/**
 * Micrometer meters and traces: {@link io.batchflow.micrometer.FlowMetrics} registers the meters of
 * a flow with a {@link io.micrometer.core.instrument.MeterRegistry}, {@link
 * io.batchflow.micrometer.ObservedBatchWriter} observes writes, and {@link
 * io.batchflow.micrometer.BatchSpanHandler} creates spans of them.
 *
 * <p>They need {@code io.micrometer:micrometer-core}, {@code micrometer-observation} and {@code
 * micrometer-tracing}, which are optional dependencies of this library.
 */
@NullMarked
package io.batchflow.micrometer;

import org.jspecify.annotations.NullMarked;
