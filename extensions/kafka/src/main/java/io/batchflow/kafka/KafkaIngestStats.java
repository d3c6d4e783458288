package io.batchflow.kafka;

import java.time.Duration;

/**
 * What an ingest does at the moment. Only the library should construct it: components may be added.
 *
 * @param partitions the partitions of this member of which it has read records
 * @param inFlight the records that were read and have no outcome yet
 * @param lag the records of these partitions that are not stored: in flight, or not read yet. As of
 *     the last look at them, after each {@link KafkaIngest.Builder#commitInterval}
 * @param commitAge how long ago the last commit was, or the last look at which everything that was
 *     read was committed. Grows while the database is slow: alert on it
 * @param deadLetters the records that {@link KafkaIngest.Builder#deadLetter} has kept
 */
public record KafkaIngestStats(
    int partitions, int inFlight, long lag, Duration commitAge, long deadLetters) {}
