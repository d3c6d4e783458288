package io.batchflow.audit;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.OutcomeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one batch, or of a part of one that was split. Holds no value of a row. Read it,
 * do not construct it: components may be added. Immutable.
 *
 * @param time when the verdict came, by the wall's clock
 * @param flow the name that the trail was given
 * @param table the table
 * @param operation what was to happen to rows that were there already
 * @param rows rows of the batch, after those of one key were merged
 * @param rejected rows among them that the backend rejected one by one while it took the others;
 *     where they were sent again, another record tells
 * @param attempts how often it was sent
 * @param took from the first attempt to the verdict
 * @param status how it ended: written, rejected or unknown
 * @param error the class of the backend's failure, of the first rejected row's where some were;
 *     null where nothing failed
 * @param principals whose rows they are, each once: see {@link AuditTrail.Builder#principal}
 */
public record AuditRecord(
    Instant time,
    String flow,
    String table,
    ConflictStrategy operation,
    int rows,
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
        0,
        attempts,
        took,
        error.status(),
        nameOf(cause != null ? cause : error),
        principals);
  }

  private static String nameOf(Throwable failure) {
    return failure.getClass().getName();
  }

  /** Returns whether all rows are written. */
  public boolean isSuccess() {
    return status == OutcomeStatus.WRITTEN && rejected == 0;
  }
}
