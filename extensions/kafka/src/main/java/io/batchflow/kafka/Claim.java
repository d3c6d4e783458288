package io.batchflow.kafka;

/**
 * The right to store records of a partition, until another claim replaces it.
 *
 * @param number identifies the claim
 * @param next the offset from which to read; {@link #NOTHING_STORED} if none is stored
 */
record Claim(long number, long next) {

  static final long NOTHING_STORED = -1;
}
