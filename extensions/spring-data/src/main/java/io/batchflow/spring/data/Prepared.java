package io.batchflow.spring.data;

import io.batchflow.BatchFlowException;
import io.batchflow.Row;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.mapping.OutboundRow;

/**
 * An entity and its row. It is the tag of the row.
 *
 * @param given the entity of the caller
 * @param entity the entity after its callbacks
 * @param outbound what the callbacks see as its row
 * @param generatedId the column whose value the database makes, or null
 * @param refusal why the entity has no row to send, or null
 */
record Prepared<S>(
    S given,
    S entity,
    OutboundRow outbound,
    EntityTable table,
    @Nullable String generatedId,
    @Nullable BatchFlowException refusal) {

  static <S> Prepared<S> refused(S given, EntityTable table, BatchFlowException refusal) {
    return new Prepared<>(given, given, new OutboundRow(), table, null, refusal);
  }

  @SuppressWarnings("unchecked") // a row is tagged with its entity only by this package
  static <S> Prepared<S> of(Row row) {
    Prepared<S> prepared = (Prepared<S>) row.tag();
    if (prepared == null) {
      throw new IllegalStateException("The row has no entity");
    }
    return prepared;
  }

  /** Returns why the entity is not saved. */
  BatchFlowException reason(BatchFlowException error) {
    return refusal == null ? error : refusal;
  }

  /** Returns whether the written row tells the id that the database made. */
  boolean isIdKnown(WriteResult result) {
    return generatedId == null || result.isKnown(generatedId);
  }

  /** Returns the entity after its row is written. */
  S saved(WriteResult result) {
    return generatedId == null ? entity : table.withId(entity, result.value(generatedId));
  }

  /** Returns the error of a row whose id the database does not tell. */
  UnknownOutcomeException noId() {
    return UnknownOutcomeException.noValue(table.table(), String.valueOf(generatedId));
  }
}
