package io.batchflow.r2dbc.retention;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Retention} has done with one table since it was created, also in runs that are not
 * over. Dry runs do not count. Immutable. Only the library should construct it: components may be
 * added.
 *
 * @param table the name of the table
 * @param runs how many runs have ended
 * @param failures how many of them failed
 * @param deletedRows how many rows were deleted, without those in dropped partitions
 * @param batches how many transactions deleted rows
 * @param droppedPartitions how many partitions were dropped
 * @param lastRun the run that ended last; null if none has
 */
public record RetentionStats(
    String table,
    long runs,
    long failures,
    long deletedRows,
    long batches,
    long droppedPartitions,
    @Nullable RetentionRun lastRun) {}
