package io.batchflow.internal.submit;

import io.batchflow.internal.lane.Lane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The paused tables, and the callers that wait until nothing of theirs is in flight. Only the drain
 * changes it; {@link #isPaused} and {@link #isEmpty} are for any thread.
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

  public boolean isEmpty() {
    return tables.isEmpty();
  }

  public boolean isPaused(String table) {
    return tables.contains(table);
  }

  /** Pauses a table. Calls back when none of the given lanes has a batch in flight. */
  void pause(String table, List<Lane> lanes, Runnable answer) {
    Set<String> more = new HashSet<>(tables);
    more.add(table);
    tables = Set.copyOf(more);
    callers.add(new Caller(table, lanes, answer));
  }

  /** Resumes a table. */
  public void resume(String table) {
    Set<String> fewer = new HashSet<>(tables);
    fewer.remove(table);
    tables = Set.copyOf(fewer);
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
