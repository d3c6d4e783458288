package io.batchflow.r2dbc.retention;

import java.time.Instant;

/**
 * The table of a run, and which of its rows have expired. Immutable.
 *
 * @param table the name of the table, quoted and qualified
 * @param schema the real name of its schema
 * @param name the real name of the table
 * @param column the real name of the time column
 * @param quotedColumn the name of the time column, quoted
 * @param moment rows with this time or a later one are kept
 * @param earliest the first time that counts, as a text
 * @param cutOff the first time that is kept, as a text
 */
record Target(
    String table,
    String schema,
    String name,
    String column,
    String quotedColumn,
    TimeType type,
    Instant moment,
    String earliest,
    String cutOff) {}
