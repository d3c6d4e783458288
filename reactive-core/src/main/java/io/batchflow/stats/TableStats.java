package io.batchflow.stats;

import io.batchflow.BatchPolicy;
import io.batchflow.Schema;
import java.time.Duration;

/**
 * The part of {@link FlowStats} for one table. Immutable. Only the library should construct it:
 * components may be added.
 *
 * @param schema the schema; a table with several schemas has several entries
 * @param policy the policy of its rows
 * @param paused whether the table is {@linkplain io.batchflow.control.TableControl#pause paused}
 * @param ledger how the table's submissions ended
 * @param queued rows that are not yet sealed: in windows, or held while the table is paused
 * @param inFlight rows being written or waiting for a retry
 * @param batches batches sealed since the start
 * @param merged rows that were merged into another row of the same key
 * @param oldestAge the age of the oldest row without an outcome; zero if there is none
 */
public record TableStats(
    Schema schema,
    BatchPolicy policy,
    boolean paused,
    Ledger ledger,
    long queued,
    long inFlight,
    long batches,
    long merged,
    Duration oldestAge) {}
