package io.batchflow.stats;

import java.time.Duration;
import java.util.List;

/**
 * A snapshot of a flow's statistics. It is taken while the flow runs, so its parts may differ by a
 * moment. Immutable. Only the library should construct it: components may be added.
 *
 * @param ledger how all submissions ended
 * @param capacity the maximum number of rows: {@link io.batchflow.BatchFlow.Builder#maxPending}
 * @param waiting submissions and streams that wait for room; not admitted yet
 * @param longestWait how long the first of those in line has waited; zero where nobody waits
 * @param queued rows in windows, not yet sealed
 * @param inFlight rows being written or waiting for a retry
 * @param writing batches that hold one of the flow's slots
 * @param concurrency how many slots there are: {@link io.batchflow.BatchFlow.Builder#concurrency}
 * @param turnedAway submissions that were never admitted: full, closed or invalid
 * @param batches batches sealed since the start
 * @param merged rows that travelled inside another row of the same key
 * @param retries writes that were tried again
 * @param splits writes that were tried again in parts, because of some row
 * @param deadLetters rejected rows that were kept: see {@link
 *     io.batchflow.BatchFlow.Builder#deadLetter}
 * @param deadLettersLost rejected rows that could not be kept
 * @param connections what the writer's connections are doing
 * @param oldestAge how long the oldest row not yet ended has waited; zero where there is none
 * @param tables the parts by table; a flow remembers 4,096 tables, and of more only those in use
 */
public record FlowStats(
    Ledger ledger,
    long capacity,
    long waiting,
    Duration longestWait,
    long queued,
    long inFlight,
    long writing,
    long concurrency,
    long turnedAway,
    long batches,
    long merged,
    long retries,
    long splits,
    long deadLetters,
    long deadLettersLost,
    ConnectionStats connections,
    Duration oldestAge,
    List<TableStats> tables) {}
