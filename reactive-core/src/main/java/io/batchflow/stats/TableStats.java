package io.batchflow.stats;

import io.batchflow.Schema;
import java.time.Duration;

/**
 * The part of {@link FlowStats} for one table. Immutable. Only the library should construct it:
 * components may be added.
 *
 * @param schema the schema; a table with several schemas has several entries
 * @param ledger how the table's submissions ended
 * @param queued rows in windows, not yet sealed
 * @param inFlight rows being written or waiting for a retry
 * @param batches batches sealed since the start
 * @param merged rows that were merged into another row of the same key
 * @param oldestAge the age of the oldest row without an outcome; zero if there is none
 */
public record TableStats(
    Schema schema,
    Ledger ledger,
    long queued,
    long inFlight,
    long batches,
    long merged,
    Duration oldestAge) {}
