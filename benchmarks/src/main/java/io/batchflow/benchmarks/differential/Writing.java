package io.batchflow.benchmarks.differential;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Ordering;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way in which the rows are written.
 *
 * @param updateColumns empty for all columns outside the key
 * @param ordering null for the default of the strategy
 * @param stream whether the rows are submitted as one stream, not one by one
 */
record Writing(
    ConflictStrategy strategy,
    AbsentStrategy onAbsent,
    List<String> updateColumns,
    int maxSize,
    int concurrency,
    @Nullable Ordering ordering,
    boolean verdicts,
    boolean stream,
    int maxDelayMillis) {

  /** Returns whether rows of one key must end as if written in the order of their submission. */
  boolean ordersKeys() {
    return ordering == Ordering.PER_KEY
        || (ordering == null
            && (strategy == ConflictStrategy.UPDATE || strategy == ConflictStrategy.REPLACE));
  }

  BatchPolicy policy() {
    BatchPolicy.Builder policy =
        BatchPolicy.builder()
            .maxSize(maxSize)
            .maxDelay(Duration.ofMillis(maxDelayMillis))
            .rowVerdicts(verdicts);
    return (ordering == null ? policy : policy.ordering(ordering)).build();
  }

  Writing with(int size, int batches, boolean tell, boolean asStream) {
    return new Writing(
        strategy, onAbsent, updateColumns, size, batches, ordering, tell, asStream, maxDelayMillis);
  }

  Writing updating(List<String> columns) {
    return new Writing(
        strategy,
        onAbsent,
        columns,
        maxSize,
        concurrency,
        ordering,
        verdicts,
        stream,
        maxDelayMillis);
  }

  /** Returns the way in which the rows are stored that exist before the others. */
  static Writing ofHeldRows() {
    return new Writing(
        ConflictStrategy.UPDATE, AbsentStrategy.INSERT, List.of(), 1, 1, null, false, false, 0);
  }
}
