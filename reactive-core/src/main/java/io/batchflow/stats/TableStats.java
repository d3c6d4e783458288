package io.batchflow.stats;

import io.batchflow.BatchPolicy;
import io.batchflow.Schema;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
 * @param bytes the estimated size of their rows, before rows of the same key are merged
 * @param merged rows that were merged into another row of the same key
 * @param rowsPerSecond rows written per second, on average over the last 10 seconds
 * @param oldestAge the age of the oldest row without an outcome; zero if there is none
 * @param newestAge the age of the newest row; zero if no row is without an outcome
 * @param lastWrite when the last batch with a written row ended; null if there was none
 * @param lastError the last failure of a write, even if it was retried with success; null if there
 *     was none
 */
public record TableStats(
    Schema schema,
    BatchPolicy policy,
    boolean paused,
    Ledger ledger,
    long queued,
    long inFlight,
    long batches,
    long bytes,
    long merged,
    double rowsPerSecond,
    Duration oldestAge,
    Duration newestAge,
    @Nullable Instant lastWrite,
    @Nullable TableError lastError) {}
