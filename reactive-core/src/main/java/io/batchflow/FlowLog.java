package io.batchflow;

import java.time.Duration;
import reactor.core.Exceptions;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Every line that a flow logs, and so all there is to read in a log: changes of state, with the
 * table's name and counts, never a row's value nor a driver's message, which may hold one. What
 * could come with every batch or row comes a few times a minute. For any thread.
 */
final class FlowLog {

  private final Logger log = Loggers.getLogger(BatchFlow.class);
  private final Loop clock;
  private final LogLimit failing;
  private final LogLimit full;
  private final LogLimit letters;
  private final LogLimit listeners;

  FlowLog(Loop clock) {
    long now = clock.now();
    this.clock = clock;
    this.failing = new LogLimit(10, now);
    this.full = new LogLimit(1, now);
    this.letters = new LogLimit(1, now);
    this.listeners = new LogLimit(1, now);
  }

  /** Returns whether the line was written, so that the one of the recovery has to be. */
  boolean failing(Schema schema, FailureKind kind, Throwable reason) {
    return limited(
        failing, "Writes to table '" + schema.table() + "' fail: " + kind + ", " + nameOf(reason));
  }

  void recovered(Schema schema, long failures, Duration lasted) {
    log.warn(
        "Writes to table '{}' succeed again, after {} failures in {}",
        schema.table(),
        failures,
        lasted);
  }

  void full(Schema schema) {
    limited(
        full, "BatchFlow is full: submissions to table '" + schema.table() + "' are turned away");
  }

  void letterLost(Schema schema, Throwable reason) {
    limited(
        letters,
        "A refused row of table '" + schema.table() + "' could not be kept: " + nameOf(reason));
  }

  void listenerFailed(Throwable reason) {
    limited(listeners, "A BatchListener failed: " + nameOf(reason));
  }

  void closedAtDeadline(int rows) {
    log.warn("BatchFlow closed at its deadline with {} rows not sent or without a verdict", rows);
  }

  void closed(Ledger ledger) {
    log.info(
        "BatchFlow closed: {} admitted, {} written, {} refused, {} unknown, {} not sent, {} withdrawn",
        ledger.admitted(),
        ledger.written(),
        ledger.refused(),
        ledger.unknown(),
        ledger.notSent(),
        ledger.withdrawn());
  }

  void writerNotClosed(Throwable reason) {
    log.warn("The BatchWriter failed to close: {}", nameOf(reason));
  }

  /** A fault of ours. */
  void fault(Event event, RuntimeException fault) {
    log.error("BatchFlow failed to handle " + event.getClass().getSimpleName(), fault);
  }

  private boolean limited(LogLimit limit, String line) {
    long leftOut = limit.admit(clock.now());
    if (leftOut == LogLimit.LEFT_OUT) {
      return false;
    }
    if (leftOut == 0) {
      log.warn(line);
    } else {
      log.warn("{} ({} such lines before it were left out)", line, leftOut);
    }
    return true;
  }

  private static String nameOf(Throwable reason) {
    Throwable cause = Exceptions.isRetryExhausted(reason) ? reason.getCause() : null;
    return (cause == null ? reason : cause).getClass().getName();
  }
}
