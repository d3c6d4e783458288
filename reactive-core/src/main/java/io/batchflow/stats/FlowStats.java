package io.batchflow.stats;

import java.time.Duration;
import java.util.List;

/**
 * A snapshot of a flow's statistics. It is taken while the flow runs, so its parts may differ by a
 * moment. Immutable. Only the library should construct it: components may be added.
 *
 * @param ledger how all submissions ended
 * @param capacity the maximum number of rows: {@link io.batchflow.BatchFlow.Builder#maxPending}
 * @param waiting submissions and streams that wait for room, of the flow or of a paused table; not
 *     admitted yet
 * @param longestWait how long the first of those has waited that wait for room of the flow; zero if
 *     none does
 * @param queued rows that are not yet sealed: in windows, or held while their table is paused
 * @param inFlight rows being written or waiting for a retry
 * @param writing batches that hold one of the flow's slots
 * @param concurrency the number of slots: {@link io.batchflow.BatchFlow.Builder#concurrency}
 * @param turnedAway submissions that were not admitted: flow full or closed, or row invalid
 * @param batches batches sealed since the start
 * @param merged rows that were merged into another row of the same key
 * @param retries writes that were retried
 * @param splits writes that were retried in parts, possibly because of one row
 * @param deadLetters rejected rows that were stored: see {@link
 *     io.batchflow.BatchFlow.Builder#deadLetter}
 * @param deadLettersLost rejected rows that could not be stored
 * @param connections the state of the writer's connections
 * @param oldestAge the age of the oldest row without an outcome; zero if there is none
 * @param tables the statistics of each table; a flow remembers 4,096 idle tables
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
