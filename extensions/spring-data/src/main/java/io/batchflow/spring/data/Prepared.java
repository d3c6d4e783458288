package io.batchflow.spring.data;

import io.batchflow.BatchFlowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
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

  Outcome<S> failed(Row row, BatchFlowException error) {
    return Outcome.failed(given, row, refusal == null ? error : refusal);
  }
}
