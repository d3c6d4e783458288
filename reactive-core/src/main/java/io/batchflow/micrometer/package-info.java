/**
 * Meters and traces by Micrometer: {@link io.batchflow.micrometer.FlowMetrics} shows a flow to any
 * {@link io.micrometer.core.instrument.MeterRegistry}, {@link
 * io.batchflow.micrometer.ObservedBatchWriter} observes writes, and {@link
 * io.batchflow.micrometer.BatchSpanHandler} makes spans of them.
 *
 * <p>They need {@code io.micrometer:micrometer-core}, {@code micrometer-observation} and {@code
 * micrometer-tracing}, which this library asks for only as options.
 */
@NullMarked
package io.batchflow.micrometer;

import org.jspecify.annotations.NullMarked;
