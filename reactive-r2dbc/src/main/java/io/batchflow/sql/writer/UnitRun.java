package io.batchflow.sql.writer;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one schema, from several units of a batch, that are written together. All runs of a batch
 * are written one after the other, in one transaction.
 *
 * <p>A run goes through the units in their order. It takes the next rows of each unit as long as
 * they are of its schema, and ends at a unit that has further rows of that schema. So the rows of a
 * unit keep their order, and so do the rows of a table: the batch has the effect of its units one
 * after the other. Units of the same kind, such as orders with their items, need one run for each
 * table.
 */
public final class UnitRun {

  /** A row and its place. */
  private record Placed(Row row, int unit, int position) {}

  private final List<Placed> rows;
  private final Batch batch;

  private UnitRun(List<Placed> rows) {
    this.rows = rows;
    this.batch =
        new Batch(rows.get(0).row.schema(), rows.stream().map(placed -> placed.row).toList());
  }

  /**
   * Returns the runs of a batch of units, in the order in which they must be written.
   *
   * @param written which units are written, by their positions in the batch
   */
  public static List<UnitRun> of(Batch units, IntPredicate written) {
    List<UnitRun> runs = new ArrayList<>();
    Cursor cursor = new Cursor(units, written);
    Schema schema;
    while ((schema = cursor.nextSchema()) != null) {
      runs.add(new UnitRun(cursor.take(schema)));
    }
    return runs;
  }

  /** Returns a run for each row of the only unit of a batch. */
  public static List<UnitRun> ofEachRow(Batch unit) {
    List<Row> rows = Unit.rows(unit.rows().get(0));
    return IntStream.range(0, rows.size())
        .mapToObj(position -> new UnitRun(List.of(new Placed(rows.get(position), 0, position))))
        .toList();
  }

  /** Returns its rows, in their order. */
  public Batch batch() {
    return batch;
  }

  /**
   * Returns the failure of this run, which names the bad unit and row as far as they are known.
   *
   * @param kind what the failure means
   */
  public Throwable named(Throwable failure, FailureKind kind) {
    Throwable cause = BadRowException.causeOf(failure);
    if (!kind.isOfRow() && kind != FailureKind.PERMANENT) {
      return cause;
    }
    int bad = failure instanceof BadRowException named ? named.row() : rows.size() == 1 ? 0 : -1;
    if (bad >= 0 && bad < rows.size()) {
      Placed row = rows.get(bad);
      return new BadRowException(row.unit, row.position, cause);
    }
    int first = rows.get(0).unit;
    return first == rows.get(rows.size() - 1).unit ? new BadRowException(first, cause) : cause;
  }

  /** What is left of the units. */
  private static final class Cursor {

    private final List<List<Row>> units;
    private final int[] next;
    private int first;

    Cursor(Batch units, IntPredicate written) {
      this.units =
          IntStream.range(0, units.size())
              .mapToObj(i -> written.test(i) ? Unit.rows(units.rows().get(i)) : List.<Row>of())
              .toList();
      this.next = new int[units.size()];
    }

    /**
     * Returns the schema of the next row of the first unit that has rows left; null if none has.
     */
    @Nullable Schema nextSchema() {
      while (first < next.length && isDone(first)) {
        first++;
      }
      return first == next.length ? null : units.get(first).get(next[first]).schema();
    }

    List<Placed> take(Schema schema) {
      List<Placed> taken = new ArrayList<>();
      for (int unit = first; unit < next.length; unit++) {
        List<Row> rows = units.get(unit);
        while (!isDone(unit) && rows.get(next[unit]).schema().equals(schema)) {
          taken.add(new Placed(rows.get(next[unit]), unit, next[unit]++));
        }
        if (hasMore(unit, schema)) {
          break;
        }
      }
      return taken;
    }

    private boolean isDone(int unit) {
      return next[unit] == units.get(unit).size();
    }

    /** Two schemas may name one table, so that the order of their rows matters. */
    private boolean hasMore(int unit, Schema schema) {
      List<Row> rows = units.get(unit);
      return rows.subList(next[unit], rows.size()).stream()
          .anyMatch(row -> row.schema().tablePath().equals(schema.tablePath()));
    }
  }
}
