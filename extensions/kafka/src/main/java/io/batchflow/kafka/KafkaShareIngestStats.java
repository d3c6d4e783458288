package io.batchflow.kafka;

/**
 * What a member of a share group has done so far. Only the library should construct it: components
 * may be added.
 *
 * @param inFlight the records of the current poll that have no outcome yet
 * @param accepted the records whose rows are stored, or that need none
 * @param rejected the records that {@link KafkaShareIngest.Builder#deadLetter} has kept
 * @param released the records that are delivered again, as they have no outcome
 */
public record KafkaShareIngestStats(int inFlight, long accepted, long rejected, long released) {}
