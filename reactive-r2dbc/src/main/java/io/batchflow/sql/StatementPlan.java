package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.StaleKeysException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Divides a batch into statements. */
final class StatementPlan {

  private final SqlDialect dialect;
  private final SqlTable table;
  private final Batch batch;

  /**
   * Whether no two rows can be the same row of the table, except for a delete and a row that is
   * stored after it.
   */
  private final boolean distinct;

  /** Whether the rows of each statement have different values in their keys. */
  private final boolean apart;

  private final List<SqlStatement> statements = new ArrayList<>();

  private StatementPlan(SqlDialect dialect, SqlTable table, Batch batch) {
    this.dialect = dialect;
    this.table = table;
    this.batch = batch;
    this.distinct = areDistinct(dialect, table, batch);
    this.apart = !distinct && dialect.rejectsRepeated(table) && !batch.schema().isUpdateOnly();
  }

  /** Returns the statements, as {@link SqlStatement#of} describes. */
  static List<SqlStatement> of(
      SqlDialect dialect, SqlTable table, Batch batch, IntUnaryOperator size) {
    StatementPlan plan = new StatementPlan(dialect, table, batch);
    for (RowGroup group : RowGroup.of(batch, plan.distinct, plan.apart)) {
      if (group.delete) {
        plan.addDeletes(group, size);
      } else {
        plan.add(group, size);
      }
    }
    return plan.statements;
  }

  /**
   * Returns whether the rows that are stored are different rows of the table, and none of them is
   * deleted after it was stored.
   */
  private static boolean areDistinct(SqlDialect dialect, SqlTable table, Batch batch) {
    Schema schema = batch.schema();
    boolean trivial =
        batch.size() == 1
            || schema.conflictKey().isEmpty()
            || schema.onConflict() == ConflictStrategy.FAIL;
    if (trivial) {
      return true;
    }
    KeyEquality keys = table.keys(dialect);
    if (isSortedByTable(batch) && !batch.keys().equals(keys)) {
      throw new StaleKeysException(schema);
    }
    if (batch.isDistinct()) {
      return true;
    }
    Set<Object> stored = new HashSet<>();
    for (Row row : batch.rows()) {
      Object key = keys.key(row);
      if (key == KeyEquality.UNCERTAIN || (key != null && isStored(row, key, stored))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isStored(Row row, Object key, Set<Object> stored) {
    return row.isDelete() ? stored.contains(key) : !stored.add(key);
  }

  /** Returns whether the order of the rows rests on a rule that was read for a table. */
  private static boolean isSortedByTable(Batch batch) {
    return batch.isDistinct()
        || !List.of(KeyEquality.byValue(), KeyEquality.byBackend(), KeyEquality.unknown())
            .contains(batch.keys());
  }

  private void addDeletes(RowGroup group, IntUnaryOperator size) {
    List<SqlColumn> key = IntStream.of(group.positions).mapToObj(table::column).toList();
    boolean once = distinct && areDifferent(group.rows);
    boolean alone = !once && dialect.insertRepeated(table, key, 1) == null;
    int most = alone ? 1 : dialect.maxDeletes(table, key);
    PacketLimit limit = new PacketLimit(dialect, table, key);
    int count;
    for (int from = 0; from < group.rows.size(); from += count) {
      int fitting = limit.fitting(group, from, Math.min(most, group.rows.size() - from));
      count = dialect.columnWise() ? fitting : size.applyAsInt(fitting);
      boolean single = once || count == 1;
      StatementCache.Text text =
          table.texts().ofDelete(dialect, table, key, count, single, batch.rowVerdicts());
      StatementRows rows = group.slice(batch, from, from + count);
      statements.add(new SqlStatement(dialect, table, rows, text, single, ReadBack.NONE));
    }
  }

  /** Returns whether the rows have different keys. */
  private boolean areDifferent(List<Row> rows) {
    if (batch.isDistinct()) {
      return true;
    }
    KeyEquality keys = table.keys(dialect);
    Set<@Nullable Object> seen = new HashSet<>();
    for (Row row : rows) {
      Object key = keys.key(row);
      if (key == null || key == KeyEquality.UNCERTAIN || !seen.add(key)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the database tells the values of rows that it may ignore only one by one. */
  private boolean isToldAlone(List<SqlColumn> present, List<SqlColumn> returned) {
    return !returned.isEmpty()
        && table.mayIgnore(present)
        && dialect.insertReturningNew(table, present, 2, returned) == null;
  }

  /** Whether a statement can take rows of one key, of which it stores one. */
  private boolean merges(List<SqlColumn> present) {
    return !batch.schema().isUpdateOnly() && dialect.insertRepeated(table, present, 1) != null;
  }

  private int mostReadBack(List<SqlColumn> present, ReadBack readBack) {
    if (readBack == ReadBack.BY_KEY) {
      checkKey(present);
    }
    return Math.min(dialect.maxRows(table, present), dialect.maxUpdates(table, present));
  }

  private void checkKey(List<SqlColumn> present) {
    if (!present.containsAll(table.conflictKey()) || table.conflictKey().isEmpty()) {
      throw SqlTable.failure(
          batch.schema(),
          List.of("the existing row of an ignored one is found by its key, which is not known"),
          "Name the columns of a unique key in conflictKey and set them, or use 'returning'");
    }
    if (dialect.selectStored(table, 1, table.named(batch.returning())) == null) {
      throw SqlTable.failure(
          batch.schema(),
          List.of(dialect.product() + " cannot read the existing row of an ignored one"),
          "Use 'returning' instead of 'returningExisting', or read the rows afterwards");
    }
  }

  private int mostRows(List<SqlColumn> present) {
    return batch.schema().isUpdateOnly()
        ? dialect.maxUpdates(table, present)
        : dialect.maxRows(table, present);
  }

  private void add(RowGroup group, IntUnaryOperator size) {
    List<SqlColumn> present = IntStream.of(group.positions).mapToObj(table::column).toList();
    ReadBack readBack = ReadBack.of(dialect, table, batch, present);
    boolean returns = readBack == ReadBack.NONE;
    List<SqlColumn> returned = returns ? table.named(batch.returning()) : List.of();
    boolean alone =
        (!distinct && (!returned.isEmpty() || !(apart || merges(present))))
            || isToldAlone(present, returned);
    boolean once = distinct || apart || alone;
    int most = alone ? 1 : returns ? mostRows(present) : mostReadBack(present, readBack);
    PacketLimit limit = new PacketLimit(dialect, table, present);
    int count;
    for (int from = 0; from < group.rows.size(); from += count) {
      int fitting = limit.fitting(group, from, Math.min(most, group.rows.size() - from));
      if (batch.schema().isUpdateOnly() && !dialect.columnWise()) {
        fitting = group.alike(from, fitting);
      }
      // A column-wise statement has one text for all sizes, and sorts all its rows by key.
      count = dialect.columnWise() ? fitting : size.applyAsInt(fitting);
      StatementCache.Text text =
          table.texts().of(dialect, table, present, count, once, batch.rowVerdicts(), returned);
      StatementRows rows = group.slice(batch, from, from + count);
      statements.add(new SqlStatement(dialect, table, rows, text, once, readBack));
    }
  }
}
