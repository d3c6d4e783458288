package io.batchflow.spring.boot.console;

import io.batchflow.health.FlowHealth.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** What an operator can do about each reason of a flow's health. */
final class Advice {

  private Advice() {}

  static Map<Reason, String> on(Set<Reason> reasons) {
    Map<Reason, String> advice = new EnumMap<>(Reason.class);
    reasons.forEach(reason -> advice.put(reason, on(reason)));
    return advice;
  }

  private static String on(Reason reason) {
    return switch (reason) {
      case BACKEND_FAILING ->
          "No write succeeds. Look at the last errors, and check that the database is up and"
              + " reachable.";
      case TABLE_FAILING ->
          "Writes of some tables fail. Look at their last errors: the table may be missing, locked"
              + " or changed. Pause the table to keep its rows until it is repaired.";
      case NEARLY_FULL ->
          "Rows arrive faster than they are written. During a load this is normal. Otherwise raise"
              + " concurrency or maxSize, or send fewer rows.";
      case LATE ->
          "A row waits longer than it should. Look at the time of writes: the database may be slow"
              + " or hold locks.";
      case LATE_WRITE ->
          "A write that was given up may still be applied, over newer rows. Compare the rows of the"
              + " last minutes with their source, and raise writeTimeout or writeGrace if it happens"
              + " again.";
      case TABLE_PAUSED ->
          "A table is paused, and its rows wait. Resume it when it may be written.";
      case CLOSED -> "The flow was closed. The application stops, or must build a new flow.";
      case FAILED ->
          "A fault of the flow stopped it. Restart the application, and report the fault in the"
              + " log.";
    };
  }
}
