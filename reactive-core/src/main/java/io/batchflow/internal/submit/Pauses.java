package io.batchflow.internal.submit;

import io.batchflow.Row;
import io.batchflow.internal.lane.Lane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The paused and the drained tables, and the callers that wait until nothing of theirs is in
 * flight. Only the drain changes it; the questions are for any thread.
 */
public final class Pauses {

  /** A caller that has paused a table, and the lanes of the table at that time. */
  private record Caller(String table, List<Lane> lanes, Runnable answer) {

    boolean isQuiet() {
      return lanes.stream().allMatch(lane -> lane.inFlight().isEmpty());
    }
  }

  private final List<Caller> callers = new ArrayList<>();

  /** Replaced as a whole. */
  private volatile Set<String> tables = Set.of();

  /** Those that take no rows. Replaced as a whole. */
  private volatile Set<String> drained = Set.of();

  public boolean isEmpty() {
    return tables.isEmpty();
  }

  public boolean isPaused(String table) {
    return tables.contains(table);
  }

  /** Returns whether the table of a row takes no rows; reads no row while none is drained. */
  public boolean isDrained(Row row) {
    Set<String> some = drained;
    return !some.isEmpty() && some.contains(row.schema().table());
  }

  /** Returns whether a table takes no rows. */
  public boolean isDrained(String table) {
    return drained.contains(table);
  }

  /** Lets a table take no rows, and write those that it has. */
  public void drain(String table) {
    tables = without(table, tables);
    drained = with(table, drained);
  }

  private static Set<String> with(String table, Set<String> some) {
    Set<String> more = new HashSet<>(some);
    more.add(table);
    return Set.copyOf(more);
  }

  private static Set<String> without(String table, Set<String> some) {
    Set<String> fewer = new HashSet<>(some);
    fewer.remove(table);
    return Set.copyOf(fewer);
  }

  /** Pauses a table. Calls back when none of the given lanes has a batch in flight. */
  void pause(String table, List<Lane> lanes, Runnable answer) {
    drained = without(table, drained);
    tables = with(table, tables);
    callers.add(new Caller(table, lanes, answer));
  }

  /** Resumes a table, which takes rows again. */
  public void resume(String table) {
    drained = without(table, drained);
    tables = without(table, tables);
  }

  /** Resumes all tables, for the close. */
  public void resumeAll() {
    tables = Set.of();
  }

  /** Passes on the answers to callers whose tables are quiet, or no longer paused. */
  public void answer(Consumer<Runnable> answers) {
    callers.removeIf(
        caller -> {
          boolean over = !isPaused(caller.table) || caller.isQuiet();
          if (over) {
            answers.accept(caller.answer);
          }
          return over;
        });
  }
}
