package io.batchflow.internal.log;

import io.batchflow.FailureKind;
import io.batchflow.QueueFullException;
import io.batchflow.Schema;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.stats.Ledger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * All lines that a flow logs: changes of state, with table names and counts. Never a value of a row
 * or a message of a driver, which may contain one. Messages that could repeat for each batch or row
 * are rate-limited. Thread-safe.
 */
public final class FlowLog {

  private static final String TABLE = "table";
  private static final String ERROR_TYPE = "error_type";

  private final Log log;
  private final EventLoop clock;
  private final LogLimit failing;
  private final LogLimit lateWrites;
  private final LogLimit full;
  private final LogLimit pausedFull;
  private final LogLimit sharesTaken;
  private final LogLimit letters;
  private final LogLimit listeners;

  public FlowLog(EventLoop clock) {
    this(clock, Log.of("io.batchflow.BatchFlow"));
  }

  public FlowLog(EventLoop clock, Log log) {
    long now = clock.now();
    this.log = log;
    this.clock = clock;
    this.failing = new LogLimit(10, now);
    this.lateWrites = new LogLimit(1, now);
    this.full = new LogLimit(1, now);
    this.pausedFull = new LogLimit(1, now);
    this.sharesTaken = new LogLimit(1, now);
    this.letters = new LogLimit(1, now);
    this.listeners = new LogLimit(1, now);
  }

  /** Returns whether the line was written. Then the recovery must be logged too. */
  public boolean failing(Schema schema, FailureKind kind, Throwable reason) {
    return limited(
        failing,
        () ->
            LogLine.warn(
                    "failing",
                    "Writes to " + nameOf(schema) + " fail: " + kind + ", " + nameOf(reason))
                .with(TABLE, schema.table())
                .with("kind", kind.name())
                .with(ERROR_TYPE, nameOf(reason)));
  }

  public void recovered(Schema schema, long failures, Duration lasted) {
    log.write(
        LogLine.warn(
                "recovered",
                "Writes to "
                    + nameOf(schema)
                    + " succeed again, after "
                    + failures
                    + " failures in "
                    + lasted)
            .with(TABLE, schema.table())
            .with("failures", failures)
            .with("lasted_ms", lasted.toMillis()));
  }

  public void lateWrite(Schema schema) {
    limited(
        lateWrites,
        () ->
            LogLine.warn(
                    "late_write",
                    "A write to "
                        + nameOf(schema)
                        + " was cancelled and may still be applied, over newer rows of its keys")
                .with(TABLE, schema.table()));
  }

  /** Logs which room was full when a row was turned away. */
  public void turnedAway(Schema schema, QueueFullException reason) {
    if (reason.isTablePaused()) {
      pausedTableFull(schema);
    } else if (reason.isShareTaken()) {
      shareTaken(schema);
    } else {
      full(schema);
    }
  }

  void shareTaken(Schema schema) {
    limited(
        sharesTaken,
        () ->
            LogLine.warn(
                    "share_taken",
                    "Submissions to "
                        + nameOf(schema)
                        + " are turned away, as the table has its share of the flow")
                .with(TABLE, schema.table()));
  }

  void full(Schema schema) {
    limited(
        full,
        () ->
            LogLine.warn(
                    "full",
                    "BatchFlow is full: submissions to " + nameOf(schema) + " are turned away")
                .with(TABLE, schema.table()));
  }

  void pausedTableFull(Schema schema) {
    limited(
        pausedFull,
        () ->
            LogLine.warn(
                    "paused_table_full",
                    "Paused " + nameOf(schema) + " is full: submissions to it are turned away")
                .with(TABLE, schema.table()));
  }

  public void letterLost(Schema schema, Throwable reason) {
    limited(
        letters,
        () ->
            LogLine.warn(
                    "dead_letter_lost",
                    "A rejected row of "
                        + nameOf(schema)
                        + " could not be stored: "
                        + nameOf(reason))
                .with(TABLE, schema.table())
                .with(ERROR_TYPE, nameOf(reason)));
  }

  public void listenerFailed(Throwable reason) {
    limited(
        listeners,
        () ->
            LogLine.warn("listener_failed", "A BatchListener failed: " + nameOf(reason))
                .with(ERROR_TYPE, nameOf(reason)));
  }

  public void closedAtDeadline(int rows) {
    log.write(
        LogLine.warn(
                "closed_at_deadline",
                "BatchFlow closed at its deadline with "
                    + rows
                    + " rows not sent or without a result")
            .with("rows", rows));
  }

  public void closed(Ledger ledger) {
    Map<String, Long> terms = new LinkedHashMap<>();
    terms.put("admitted", ledger.admitted());
    terms.put("written", ledger.written());
    terms.put("rejected", ledger.rejected());
    terms.put("invalid", ledger.invalid());
    terms.put("unknown", ledger.unknown());
    terms.put("not_sent", ledger.notSent());
    terms.put("withdrawn", ledger.withdrawn());
    StringJoiner text = new StringJoiner(", ", "BatchFlow closed: ", "");
    terms.forEach((term, count) -> text.add(count + " " + term.replace('_', ' ')));
    LogLine line = LogLine.info("closed", text.toString());
    terms.forEach(line::with);
    log.write(line);
  }

  public void writerNotClosed(Throwable reason) {
    log.write(
        LogLine.warn("writer_not_closed", "The BatchWriter failed to close: " + nameOf(reason))
            .with(ERROR_TYPE, nameOf(reason)));
  }

  /** Logs an internal fault, which stops the flow, and the event that caused it, if known. */
  public void fault(@Nullable Event event, Throwable fault) {
    String what = event == null ? "run its engine" : "handle " + event.getClass().getSimpleName();
    String text = "BatchFlow failed to " + what;
    log.write(LogLine.error("fault", text, fault).with(ERROR_TYPE, nameOf(fault)));
  }

  /** Builds the line only if it is written. */
  private boolean limited(LogLimit limit, Supplier<LogLine> line) {
    long leftOut = limit.admit(clock.now());
    if (leftOut == LogLimit.LEFT_OUT) {
      return false;
    }
    log.write(line.get().after(leftOut));
    return true;
  }

  private static String nameOf(Schema schema) {
    return "table '" + schema.table() + "'";
  }

  private static String nameOf(Throwable reason) {
    Throwable cause = Exceptions.isRetryExhausted(reason) ? reason.getCause() : null;
    return (cause == null ? reason : cause).getClass().getName();
  }
}
