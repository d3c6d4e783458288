package io.batchflow.r2dbc;

import io.batchflow.BatchPolicy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells which rows of a stream begin a batch: a batch has consecutive rows of one Schema, within
 * the limits of a policy. Used by one subscriber.
 */
final class RowRuns implements Predicate<Row> {

  private final BatchPolicy policy;
  private @Nullable Schema schema;
  private int rows;
  private long bytes;

  RowRuns(BatchPolicy policy) {
    this.policy = policy;
  }

  @Override
  public boolean test(Row row) {
    bytes += row.estimatedBytes();
    rows++;
    if (row.schema().equals(schema) && rows <= policy.maxSize() && bytes <= policy.maxBytes()) {
      return false;
    }
    schema = row.schema();
    rows = 1;
    bytes = row.estimatedBytes();
    return true;
  }
}
