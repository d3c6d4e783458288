package io.batchflow;

/**
 * What a written row did to the table. {@link BatchPolicy.Builder#rowVerdicts} asks for it; {@link
 * WriteResult#verdict()} returns it.
 */
public enum RowVerdict {
  /** The row is durable. The backend cannot tell more, or was not asked. */
  WRITTEN,
  /** The table did not hold the key: the row is new. */
  INSERTED,
  /** The table already held the key, and its row was updated or replaced. */
  UPDATED,
  /** The table or an earlier row of the batch already held the key, and this row was ignored. */
  IGNORED,
  /** The row deleted its key: the table held the key, and holds it no more. */
  DELETED,
  /** The table did not hold the key, so that nothing was deleted or updated. */
  ABSENT,
  /** The row was merged with a later row of the same key in the same batch. */
  MERGED
}
