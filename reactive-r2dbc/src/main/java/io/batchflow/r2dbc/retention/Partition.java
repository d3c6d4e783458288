package io.batchflow.r2dbc.retention;

/**
 * A partition whose rows have all expired. Both names are quoted and qualified.
 *
 * @param parent the table that it is a partition of
 */
record Partition(String name, String parent) {}
