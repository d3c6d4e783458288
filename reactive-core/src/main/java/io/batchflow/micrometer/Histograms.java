package io.batchflow.micrometer;

import java.time.Duration;
import java.util.List;

/**
 * What timers and summaries publish beside count, sum and maximum.
 *
 * @param percentiles whether they publish buckets for percentiles
 * @param objectives upper bounds of more buckets, of timers alone
 */
record Histograms(boolean percentiles, List<Duration> objectives) {}
