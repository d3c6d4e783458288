package io.batchflow.spring.boot.actuate;

import io.batchflow.FlowView;
import io.batchflow.health.FlowHealth;
import io.batchflow.stats.ConnectionStats;
import io.batchflow.stats.FlowStats;
import io.batchflow.stats.Ledger;
import io.batchflow.stats.TableError;
import io.batchflow.stats.TableStats;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** The answer of the endpoint for one flow. Durations are in milliseconds. */
record FlowDescriptor(
    FlowHealth health,
    Ledger ledger,
    long pending,
    long capacity,
    long waiting,
    long longestWaitMillis,
    long queued,
    long inFlight,
    long writing,
    long concurrency,
    long turnedAway,
    long batches,
    long merged,
    long retries,
    long splits,
    long deadLetters,
    long deadLettersLost,
    long oldestAgeMillis,
    ConnectionStats connections,
    List<TableDescriptor> tables,
    List<RecentErrors.RecentError> lastErrors)
    implements OperationResponseBody {

  static FlowDescriptor of(FlowView flow, List<RecentErrors.RecentError> lastErrors) {
    FlowStats stats = flow.stats();
    return new FlowDescriptor(
        flow.health(),
        stats.ledger(),
        stats.ledger().pending(),
        stats.capacity(),
        stats.waiting(),
        stats.longestWait().toMillis(),
        stats.queued(),
        stats.inFlight(),
        stats.writing(),
        stats.concurrency(),
        stats.turnedAway(),
        stats.batches(),
        stats.merged(),
        stats.retries(),
        stats.splits(),
        stats.deadLetters(),
        stats.deadLettersLost(),
        stats.oldestAge().toMillis(),
        stats.connections(),
        stats.tables().stream().map(TableDescriptor::of).toList(),
        lastErrors);
  }

  /** One schema of a flow. A table with several schemas has several entries. */
  record TableDescriptor(
      String table,
      String onConflict,
      PolicyDescriptor policy,
      boolean paused,
      Ledger ledger,
      long queued,
      long inFlight,
      long batches,
      long bytes,
      long merged,
      double rowsPerSecond,
      long oldestAgeMillis,
      long newestAgeMillis,
      @Nullable Instant lastWrite,
      @Nullable TableError lastError) {

    static TableDescriptor of(TableStats stats) {
      return new TableDescriptor(
          stats.schema().table(),
          stats.schema().onConflict().name(),
          PolicyDescriptor.of(stats.policy()),
          stats.paused(),
          stats.ledger(),
          stats.queued(),
          stats.inFlight(),
          stats.batches(),
          stats.bytes(),
          stats.merged(),
          stats.rowsPerSecond(),
          stats.oldestAge().toMillis(),
          stats.newestAge().toMillis(),
          stats.lastWrite(),
          stats.lastError());
    }
  }
}
