package io.batchflow.stats;

import io.batchflow.Schema;
import java.time.Duration;

/**
 * One table's part of {@link FlowStats}. Read it, do not construct it: components may be added.
 *
 * @param schema the schema; a table with several schemas has several entries
 * @param ledger how the table's submissions ended
 * @param queued rows in windows, not yet sealed
 * @param inFlight rows being written or waiting for a retry
 * @param batches batches sealed since the start
 * @param merged rows that travelled inside another row of the same key
 * @param oldestAge how long the oldest row not yet ended has waited; zero where there is none
 */
public record TableStats(
    Schema schema,
    Ledger ledger,
    long queued,
    long inFlight,
    long batches,
    long merged,
    Duration oldestAge) {}
