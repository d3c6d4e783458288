package io.batchflow.spring.boot;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The options of the journal.
 *
 * @param directory Directory of the journals. Each flow has its own below it, with the name of the
 *     flow. There is no journal without it.
 * @param maxRows Most rows in the journal without an outcome.
 * @param atLeastOnce Whether rows are accepted that may be written twice after a crash.
 */
public record JournalProperties(
    @Nullable Path directory, @Nullable Integer maxRows, @Nullable Boolean atLeastOnce) {}
