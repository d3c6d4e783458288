package io.batchflow.r2dbc.outbox;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link OutboxRelay} does at the moment, and has done since it was started.
 *
 * @param shards how many of the 16 shards it holds
 * @param published how many messages it has published
 * @param deadLetters how many messages {@link OutboxRelay.Builder#deadLetter} has kept
 * @param failures how often the database, the publisher or a message has failed
 * @param waitingKeys how many keys wait, since their first message failed
 * @param lastFailure the last of the failures; null if there was none
 */
public record OutboxRelayStats(
    int shards,
    long published,
    long deadLetters,
    long failures,
    int waitingKeys,
    @Nullable Throwable lastFailure) {}
