package io.batchflow;

/**
 * What a written row did to the table, as far as the backend can tell. Asked for by {@link
 * BatchPolicy.Builder#rowVerdicts}, told by {@link WriteResult#verdict()}.
 */
public enum RowVerdict {
  /** The row is durable; how it came to be, the backend did not tell, or was not asked. */
  WRITTEN,
  /** The table held no such key: the row is new. */
  INSERTED,
  /** The table held the key already, and its row was updated or replaced. */
  UPDATED,
  /** The table held the key already, or an earlier row of the batch did, and this row gave way. */
  IGNORED,
  /** A later row of the same key came in the same batch, and the two were written as one. */
  MERGED
}
