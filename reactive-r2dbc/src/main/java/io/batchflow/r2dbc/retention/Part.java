package io.batchflow.r2dbc.retention;

/**
 * A part of a table that is cleaned by itself: a partition, or the whole table.
 *
 * @param table the name of the part, quoted and qualified
 * @param indexed whether an index begins with the time column
 * @param pages how many pages the part has; only needed if there is no such index
 */
record Part(String table, boolean indexed, long pages) {}
