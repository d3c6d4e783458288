package io.batchflow.sql.writer;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.unit.Unit;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The tables of a batch of units. Units with a table that cannot be written to are left out, as
 * they must not cost the others. Used by one thread at a time.
 */
public final class UnitTables {

  private final Batch units;
  private final Map<Schema, SqlTable> tables = new HashMap<>();
  private final Map<Integer, Throwable> rejected = new HashMap<>();

  /** Starts with no table. */
  public UnitTables(Batch units) {
    this.units = units;
  }

  /** Returns the schemas of all rows. */
  public Set<Schema> schemas() {
    Set<Schema> schemas = new LinkedHashSet<>();
    for (Row unit : units.rows()) {
      Unit.rows(unit).forEach(row -> schemas.add(row.schema()));
    }
    return schemas;
  }

  /** Returns whether a failure to look up a table concerns that table alone. */
  public static boolean isOfTable(Throwable failure) {
    return failure instanceof SqlWriteException own && own.kind() == FailureKind.UNUSABLE;
  }

  /** Adds a table that can be written to. */
  public void add(SqlTable table) {
    tables.put(table.schema(), table);
  }

  /** Returns the tables that can be written to. */
  public Collection<SqlTable> all() {
    return tables.values();
  }

  /** Leaves out all units with rows of a schema. */
  public void leaveOut(Schema schema, Throwable failure) {
    for (int unit = 0; unit < units.size(); unit++) {
      List<Row> rows = Unit.rows(units.rows().get(unit));
      for (int position = 0; position < rows.size(); position++) {
        if (rows.get(position).schema().equals(schema)) {
          rejected.putIfAbsent(unit, new BadRowException(unit, position, failure));
        }
      }
    }
  }

  /**
   * Returns the runs of the units that are not left out.
   *
   * @param eachRow whether each row is a run of its own, to find the bad row of the only unit
   */
  public List<UnitRun> runs(boolean eachRow) {
    return eachRow && rejected.isEmpty()
        ? UnitRun.ofEachRow(units)
        : UnitRun.of(units, unit -> !rejected.containsKey(unit));
  }

  /** Returns the table of a run. */
  public SqlTable of(UnitRun run) {
    return Objects.requireNonNull(tables.get(run.batch().schema()), "table");
  }

  /** Returns the result of the batch. */
  public BatchResult result(long affectedRows) {
    return BatchResult.partly(affectedRows, rejected);
  }
}
