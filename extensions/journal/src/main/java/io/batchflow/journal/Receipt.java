package io.batchflow.journal;

import io.batchflow.Row;
import io.batchflow.WriteResult;
import reactor.core.publisher.Mono;

/**
 * Confirms that a row is in the journal. It will be written even if this process dies.
 *
 * @param row the row
 * @param durable completes once the row is written, and fails as {@link
 *     io.batchflow.BatchFlow#submit} does, or with {@link JournalException} if the journal was
 *     closed before the row's turn came; not cold: the row is written whether it is subscribed or
 *     not
 */
public record Receipt(Row row, Mono<WriteResult> durable) {}
