package io.batchflow.routing;

import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.stats.ConnectionStats;
import io.batchflow.unit.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All writers, and the choice among them. Thread-safe. */
final class Routes {

  final List<Route> all;
  final boolean sameData;
  private final boolean takesTurns;

  /** The order in which writers take turns; each occurs as often as its weight. */
  private final List<Route> turns;

  private final AtomicInteger turn = new AtomicInteger();

  Routes(List<Route> all, boolean sameData, boolean takesTurns) {
    this.all = List.copyOf(all);
    this.sameData = sameData;
    this.takesTurns = takesTurns;
    this.turns = takesTurns ? turns(this.all) : this.all;
  }

  /** Spreads the turns of a writer evenly: each turn goes to the writer that is most behind. */
  private static List<Route> turns(List<Route> all) {
    int total = all.stream().mapToInt(route -> route.weight).sum();
    int[] behind = new int[all.size()];
    List<Route> turns = new ArrayList<>(total);
    for (int i = 0; i < total; i++) {
      int next = 0;
      for (int each = 0; each < behind.length; each++) {
        behind[each] += all.get(each).weight;
        next = behind[each] > behind[next] ? each : next;
      }
      behind[next] -= total;
      turns.add(all.get(next));
    }
    return turns;
  }

  Route first() {
    return all.get(0);
  }

  /** Returns whether rows of a schema may be stored by any of the writers. */
  boolean mayMove(Schema schema) {
    return sameData
        || (schema.conflictKey().isEmpty() && schema.onConflict() == ConflictStrategy.FAIL);
  }

  boolean mayMove(Batch batch) {
    return sameData
        || (batch.schema().equals(Unit.SCHEMA)
            ? batch.rows().stream().allMatch(this::mayMoveUnit)
            : mayMove(batch.schema()));
  }

  private boolean mayMoveUnit(Row unit) {
    return Unit.rows(unit).stream().allMatch(row -> mayMove(row.schema()));
  }

  /** Returns the writer of a batch; null if none compares keys as the batch assumes. */
  @Nullable Route of(Batch batch) {
    if (!mayMove(batch)) {
      return first().fits(batch) ? first() : null;
    }
    int start = takesTurns ? Math.floorMod(turn.getAndIncrement(), turns.size()) : 0;
    Route full = null;
    Route down = null;
    for (int i = 0; i < turns.size(); i++) {
      Route route = turns.get((start + i) % turns.size());
      if (!route.fits(batch)) {
        continue;
      }
      if (route.hasRoom() && (route.isUp() || route.tries())) {
        return route;
      }
      full = full == null && route.isUp() ? route : full;
      down = down == null ? route : down;
    }
    return full == null ? down : full;
  }

  /** Returns the writer to ask about a table. */
  Route toAsk(Schema schema) {
    return mayMove(schema) ? all.stream().filter(Route::isUp).findFirst().orElse(first()) : first();
  }

  boolean allThatStore(Schema schema, Predicate<BatchWriter> condition) {
    return mayMove(schema) ? all(condition) : condition.test(first().writer);
  }

  boolean all(Predicate<BatchWriter> condition) {
    return all.stream().allMatch(route -> condition.test(route.writer));
  }

  int maxConcurrency() {
    LongStream each = all.stream().mapToLong(route -> route.writer.maxConcurrency());
    long most = takesTurns ? each.sum() : each.min().orElseThrow();
    return (int) Math.min(Integer.MAX_VALUE, most);
  }

  ConnectionStats connections() {
    return all.stream()
        .map(route -> route.writer.connections())
        .reduce(
            ConnectionStats.NONE,
            (a, b) ->
                new ConnectionStats(
                    a.inUse() + b.inUse(),
                    a.idle() + b.idle(),
                    a.waiting() + b.waiting(),
                    a.max() + b.max()));
  }

  @Nullable KeyEquality keyEquality(Schema schema) {
    if (!mayMove(schema)) {
      return first().writer.keyEquality(schema);
    }
    return Stream.concat(all.stream().filter(Route::isUp), all.stream())
        .map(route -> route.writer.keyEquality(schema))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  String system() {
    String first = first().writer.system();
    return all(writer -> writer.system().equals(first)) ? first : "other";
  }
}
