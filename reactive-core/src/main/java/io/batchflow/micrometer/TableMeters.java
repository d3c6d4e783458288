package io.batchflow.micrometer;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchResult;
import io.batchflow.OutcomeStatus;
import io.batchflow.SealReason;
import io.batchflow.stats.Ledger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * One table's meters in one registry. All except {@link Failures} are registered at once, since a
 * rate needs the zero before the first event.
 */
final class TableMeters {

  private static final String ROWS = "rows";
  private static final String SUBMISSIONS = "submissions";

  private final Map<RejectionReason, Counter> turnedAway;
  private final Map<SealReason, Counter> sealed;
  private final Timer queueTime;
  private final Timer durableTime;
  private final Map<OutcomeStatus, Timer> writes;
  private final DistributionSummary batchSize;
  private final DistributionSummary batchBytes;
  private final Counter affected;
  private final Counter retries;
  private final Counter splits;
  private final Failures failures;

  TableMeters(Registrar registrar) {
    turnedAway =
        byReason(
            RejectionReason.class,
            registrar,
            reasoned ->
                reasoned.counter(
                    "batchflow.turned.away", SUBMISSIONS, "Submissions that were not admitted"));
    sealed =
        byReason(
            SealReason.class,
            registrar,
            reasoned ->
                reasoned.counter(
                    "batchflow.sealed", "batches", "Windows that closed and became a batch"));
    queueTime =
        registrar.timer(
            "batchflow.queue.time",
            "How long the oldest row of a batch waited until the batch was sealed");
    durableTime =
        registrar.timer(
            "batchflow.durable.time", "Longest time in a batch from submission to durable");
    writes = writes(registrar);
    batchSize =
        registrar.summary(
            "batchflow.batch.size", ROWS, "Rows of a write that succeeded, after merging", 1e5);
    batchBytes =
        registrar.summary(
            "batchflow.batch.bytes", "bytes", "Estimated size of a write that succeeded", 1e8);
    affected =
        registrar.counter("batchflow.affected", ROWS, "Affected rows by the backend's own count");
    retries = registrar.counter("batchflow.retries", "retries", "Writes that were retried");
    splits = registrar.counter("batchflow.splits", "splits", "Writes that were retried in parts");
    failures = new Failures(registrar);
  }

  /** Registers the meters that read the flow's own counts; once for each table. */
  static void registerAccount(Registrar registrar, StatsCache accounts, String name) {
    registrar.counter(
        "batchflow.admitted",
        SUBMISSIONS,
        "Submissions that found room",
        accounts,
        all -> all.of(name).ledger().admitted());
    ended(registrar, accounts, name, "written", Ledger::written);
    ended(registrar, accounts, name, "rejected", Ledger::rejected);
    ended(registrar, accounts, name, "invalid", Ledger::invalid);
    ended(registrar, accounts, name, "unknown", Ledger::unknown);
    ended(registrar, accounts, name, "not_sent", Ledger::notSent);
    ended(registrar, accounts, name, "withdrawn", Ledger::withdrawn);
    registrar.counter(
        "batchflow.merged",
        ROWS,
        "Rows that were merged into another row of the same key",
        accounts,
        all -> all.of(name).merged());
    registrar.gauge(
        "batchflow.queued",
        ROWS,
        "Rows in windows, not yet sealed",
        accounts,
        all -> all.of(name).queued());
    registrar.gauge(
        "batchflow.in.flight",
        ROWS,
        "Rows being written or waiting for a retry",
        accounts,
        all -> all.of(name).inFlight());
    registrar.gauge(
        "batchflow.paused",
        "tables",
        "1 while the table is paused, else 0",
        accounts,
        all -> all.look().stateOf(name).paused() ? 1 : 0);
    registrar.gauge(
        "batchflow.max.size",
        ROWS,
        "Rows of a full batch, by the policy of the table",
        accounts,
        all -> all.look().stateOf(name).maxSize());
    registrar.gauge(
        "batchflow.last.write",
        "seconds",
        "When the last batch with a written row ended, in seconds since 1970",
        accounts,
        all -> all.look().stateOf(name).lastWrite());
    registrar.nanosGauge(
        "batchflow.oldest.age",
        "Age of the oldest row without an outcome",
        accounts,
        all -> all.of(name).oldestAge().toNanos());
  }

  private static void ended(
      Registrar registrar,
      StatsCache accounts,
      String name,
      String outcome,
      ToLongFunction<Ledger> term) {
    registrar
        .with("outcome", outcome)
        .counter(
            "batchflow.ended",
            SUBMISSIONS,
            "Admitted submissions that have their outcome",
            accounts,
            all -> term.applyAsLong(all.of(name).ledger()));
  }

  private static Map<OutcomeStatus, Timer> writes(Registrar registrar) {
    Map<OutcomeStatus, Timer> timers = new EnumMap<>(OutcomeStatus.class);
    for (OutcomeStatus status : OutcomeStatus.values()) {
      Timer timer =
          registrar
              .with("outcome", status.name().toLowerCase(Locale.ROOT))
              .timer(
                  "batchflow.write.time", "Time from the first attempt of a write to its result");
      timers.put(status, timer);
    }
    return timers;
  }

  private void write(OutcomeStatus status, Duration took) {
    Objects.requireNonNull(writes.get(status)).record(took);
  }

  private static <E extends Enum<E>> Map<E, Counter> byReason(
      Class<E> reasons, Registrar registrar, Function<Registrar, Counter> counter) {
    Map<E, Counter> counters = new EnumMap<>(reasons);
    for (E reason : reasons.getEnumConstants()) {
      String tag = reason.name().toLowerCase(Locale.ROOT);
      counters.put(reason, counter.apply(registrar.with("reason", tag)));
    }
    return counters;
  }

  void turnedAway(BatchFlowException reason) {
    Objects.requireNonNull(turnedAway.get(RejectionReason.by(reason))).increment();
  }

  void sealed(SealReason reason, Duration oldest) {
    Objects.requireNonNull(sealed.get(reason)).increment();
    queueTime.record(oldest);
  }

  void written(Batch batch, BatchResult result, Duration took) {
    write(OutcomeStatus.WRITTEN, took);
    batchSize.record(batch.size());
    batchBytes.record((double) batch.estimatedBytes());
    affected.increment((double) result.affectedRows());
  }

  void failed(BatchFlowException told, Duration took, String error) {
    failures.count(Failures.Stage.FINAL, error);
    write(told.status(), took);
  }

  void durable(Duration longest) {
    durableTime.record(longest);
  }

  void retried(String error) {
    failures.count(Failures.Stage.RETRY, error);
    retries.increment();
  }

  void split(String error) {
    failures.count(Failures.Stage.SPLIT, error);
    splits.increment();
  }
}
