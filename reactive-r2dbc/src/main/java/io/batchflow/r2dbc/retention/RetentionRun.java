package io.batchflow.r2dbc.retention;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One application of a {@link RetentionRule}. Immutable. Only the library should construct it:
 * components may be added.
 *
 * @param table the name of the table
 * @param dryRun whether rows and partitions were only counted
 * @param cutOff rows with this time or a later one are kept; null if the run failed before it knew
 * @param deletedRows how many rows were deleted, without those in dropped partitions
 * @param batches how many transactions deleted rows
 * @param droppedPartitions how many partitions were dropped
 * @param lockedPartitions how many expired partitions stay until the next run, as others use them
 * @param took how long it took
 * @param failure why it ended early; null if it did not. What was deleted before stays deleted
 */
public record RetentionRun(
    String table,
    boolean dryRun,
    @Nullable Instant cutOff,
    long deletedRows,
    long batches,
    long droppedPartitions,
    long lockedPartitions,
    Duration took,
    @Nullable Throwable failure) {}
