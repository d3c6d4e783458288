package io.batchflow.micrometer;

import java.time.Duration;
import java.util.List;

/**
 * What timers and summaries publish besides count, sum and maximum.
 *
 * @param percentiles whether to publish buckets for percentiles
 * @param objectives upper bounds of additional buckets, for timers only
 */
record Histograms(boolean percentiles, List<Duration> objectives) {}
