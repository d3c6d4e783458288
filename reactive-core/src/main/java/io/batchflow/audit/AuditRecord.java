package io.batchflow.audit;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of one batch, or of a part of one that was split. Holds no values of rows. Immutable.
 * Only the library should construct it: components may be added.
 *
 * @param time when the result arrived, by the system clock
 * @param flow the name of the flow, as given to the trail
 * @param table the table
 * @param operation the conflict strategy
 * @param rows the number of rows in the batch, after merging
 * @param deletes how many of them delete their keys
 * @param rejected how many of them the backend rejected individually; if they were sent again,
 *     another record follows
 * @param attempts how often the batch was sent
 * @param took the time from the first attempt to the result
 * @param status the result: written, rejected or unknown
 * @param error the class of the backend's failure, or of the first rejected row's failure; null if
 *     nothing failed
 * @param principals the distinct callers of the rows: see {@link AuditTrail.Builder#principal}
 */
public record AuditRecord(
    Instant time,
    String flow,
    String table,
    ConflictStrategy operation,
    int rows,
    int deletes,
    int rejected,
    int attempts,
    Duration took,
    OutcomeStatus status,
    @Nullable String error,
    List<String> principals) {

  static AuditRecord written(
      String flow,
      Batch batch,
      BatchResult result,
      int attempts,
      Duration took,
      List<String> principals) {
    Map<Integer, Throwable> rejected = result.rejected();
    return new AuditRecord(
        Instant.now(),
        flow,
        batch.schema().table(),
        batch.schema().onConflict(),
        batch.size(),
        deletesOf(batch),
        rejected.size(),
        attempts,
        took,
        OutcomeStatus.WRITTEN,
        rejected.isEmpty() ? null : nameOf(rejected.values().iterator().next()),
        principals);
  }

  static AuditRecord failed(
      String flow,
      Batch batch,
      BatchFlowException error,
      int attempts,
      Duration took,
      List<String> principals) {
    Throwable cause = error.getCause();
    return new AuditRecord(
        Instant.now(),
        flow,
        batch.schema().table(),
        batch.schema().onConflict(),
        batch.size(),
        deletesOf(batch),
        0,
        attempts,
        took,
        error.status(),
        nameOf(cause != null ? cause : error),
        principals);
  }

  private static int deletesOf(Batch batch) {
    return batch.hasDeletes() ? (int) batch.rows().stream().filter(Row::isDelete).count() : 0;
  }

  private static String nameOf(Throwable failure) {
    return failure.getClass().getName();
  }

  /** Returns whether all rows are written. */
  public boolean isSuccess() {
    return status == OutcomeStatus.WRITTEN && rejected == 0;
  }
}
