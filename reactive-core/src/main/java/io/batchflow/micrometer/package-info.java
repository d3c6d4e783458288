/**
 * Meters for Micrometer: {@link io.batchflow.micrometer.FlowMetrics} shows a flow to any {@link
 * io.micrometer.core.instrument.MeterRegistry}.
 *
 * <p>Needs {@code io.micrometer:micrometer-core}, which this library asks for only as an option.
 */
@NullMarked
package io.batchflow.micrometer;

import org.jspecify.annotations.NullMarked;
