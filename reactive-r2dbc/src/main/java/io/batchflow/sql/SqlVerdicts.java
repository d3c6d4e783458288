package io.batchflow.sql;

import io.batchflow.AbsentStrategy;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.RowAbsentException;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what each row of a batch did. For authors of writers over {@link SqlDialect}. Used by
 * one thread at a time.
 */
public final class SqlVerdicts {

  private final Batch batch;
  private final RowVerdict[] verdicts;
  private final List<Map<String, @Nullable Object>> values;
  private final RowVerdict onConflict;

  /** The rows that may only update, and whose keys are absent. */
  private final Set<Integer> absent = new HashSet<>();

  /** Starts with nothing known. */
  public SqlVerdicts(Batch batch) {
    this.batch = batch;
    this.verdicts = new RowVerdict[batch.rowVerdicts() ? batch.size() : 0];
    this.values =
        batch.returning().isEmpty()
            ? List.of()
            : new ArrayList<>(Collections.nCopies(batch.size(), Map.of()));
    this.onConflict =
        batch.schema().onConflict() == ConflictStrategy.IGNORE
            ? RowVerdict.IGNORED
            : RowVerdict.UPDATED;
    Arrays.fill(verdicts, RowVerdict.WRITTEN);
  }

  /**
   * Takes the number of rows that a statement touched. A plain insert of all its rows is certain,
   * and so is a delete of all its keys or of none.
   */
  public void affected(SqlStatement statement, long rows) {
    if (statement.isDelete()) {
      deleted(statement, rows);
      return;
    }
    boolean inserted =
        batch.rowVerdicts()
            && batch.schema().onConflict() == ConflictStrategy.FAIL
            && rows == statement.rows()
            && statement.storesAsGiven();
    if (inserted) {
      nothingExists(statement);
    }
  }

  private void deleted(SqlStatement statement, long rows) {
    boolean certain =
        batch.rowVerdicts()
            && !statement.returning()
            && statement.isDistinct()
            && statement.storesAsGiven();
    if (certain && rows == statement.rows()) {
      all(statement, RowVerdict.DELETED);
    } else if (certain && rows == 0) {
      all(statement, RowVerdict.ABSENT);
    }
  }

  private void all(SqlStatement statement, RowVerdict verdict) {
    for (int row = 0; row < statement.rows(); row++) {
      verdicts[statement.indexForVerdict(row)] = verdict;
    }
  }

  /** Takes what a {@link SqlStatement#returning()} statement returned for a row. */
  public void returned(SqlStatement statement, int number, @Nullable Boolean inserted) {
    int index = statement.indexForVerdict(number - 1);
    if (statement.isUpdateOnly()) {
      if (inserted == null) {
        absent.add(index);
      } else if (inserted) {
        updated(statement, index);
      }
    } else if (statement.isDelete()) {
      verdicts[index] = inserted == null ? RowVerdict.ABSENT : RowVerdict.DELETED;
    } else if (inserted != null) {
      verdicts[index] = inserted ? RowVerdict.INSERTED : RowVerdict.UPDATED;
    } else if (onConflict == RowVerdict.IGNORED && !hasNullInKey(index)) {
      verdicts[index] = RowVerdict.IGNORED;
    }
  }

  /**
   * Takes the {@linkplain SqlStatement#returned() columns} that a statement returned, row by row.
   * They belong to its rows if there are as many of them: a trigger may have dropped some. If
   * nothing was returned of a single row that may be ignored, nothing was inserted, and its values
   * are null.
   */
  public void stored(SqlStatement statement, List<@Nullable Object[]> rows) {
    boolean ignored =
        rows.isEmpty() && statement.rows() == 1 && statement.table().mayIgnore(statement.columns());
    if (ignored) {
      stored(statement, List.<@Nullable Object[]>of(new Object[batch.returning().size()]));
      return;
    }
    for (int row = 0; row < rows.size() && rows.size() == statement.rows(); row++) {
      values.set(statement.indexForVerdict(row), named(rows.get(row)));
    }
  }

  /**
   * Takes the results of {@link SqlStatement#selectStored()}: the columns of the row of the table
   * that has the key, or the new number, of a row. If there is none, they are null for a row that
   * may have been ignored, and otherwise not known. Nulls in a key are equal to nothing, so the
   * values of such a row are not known.
   *
   * @param rows the columns by the number of the row, from 1
   */
  public void readBack(SqlStatement statement, Map<Integer, @Nullable Object[]> rows) {
    if (statement.isReadByNumber() && rows.size() != statement.rows()) {
      return; // these are not the numbers of the rows
    }
    boolean ignores = statement.table().mayIgnore(statement.columns());
    for (int row = 0; row < statement.rows(); row++) {
      int index = statement.indexForVerdict(row);
      @Nullable Object[] found = rows.get(row + 1);
      if (found != null || (ignores && !hasNullInKey(index))) {
        values.set(index, named(found == null ? new Object[batch.returning().size()] : found));
      }
    }
  }

  private Map<String, @Nullable Object> named(@Nullable Object[] stored) {
    Map<String, @Nullable Object> named = new HashMap<>();
    for (int i = 0; i < stored.length; i++) {
      named.put(batch.returning().get(i), stored[i]);
    }
    return Collections.unmodifiableMap(named);
  }

  /**
   * Marks all rows of a statement as inserted, or as absent if it deletes, except those that {@link
   * #exists} names later.
   */
  public void nothingExists(SqlStatement statement) {
    if (statement.isUpdateOnly()) {
      for (int row = 0; row < statement.rows(); row++) {
        absent.add(statement.indexForVerdict(row));
      }
      return;
    }
    all(statement, statement.isDelete() ? RowVerdict.ABSENT : RowVerdict.INSERTED);
  }

  /** Takes a result of {@link SqlStatement#selectExisting} or {@link SqlStatement#lockExisting}. */
  public void exists(SqlStatement statement, int number) {
    int index = statement.indexForVerdict(number - 1);
    if (statement.isUpdateOnly()) {
      absent.remove(index);
      updated(statement, index);
    } else {
      verdicts[index] = statement.isDelete() ? RowVerdict.DELETED : onConflict;
    }
  }

  /**
   * Takes the results of {@link SqlStatement#selectDistinct()}. It is not known what the other rows
   * did: their keys belong to several rows or to none.
   */
  public void distinct(SqlStatement statement, Set<Integer> numbers) {
    for (int row = 0; row < statement.rows(); row++) {
      int index = statement.indexForVerdict(row);
      if (!numbers.contains(row + 1) && !hasNullInKey(index)) {
        verdicts[index] = RowVerdict.WRITTEN;
      }
    }
  }

  private boolean hasNullInKey(int index) {
    Schema schema = batch.schema();
    return schema.conflictKey().stream()
        .anyMatch(column -> batch.rows().get(index).value(column) == null);
  }

  private void updated(SqlStatement statement, int index) {
    if (batch.rowVerdicts() && statement.storesAsGiven()) {
      verdicts[index] = RowVerdict.UPDATED;
    }
  }

  /** Returns the result of the batch. */
  public BatchResult result(long affectedRows) {
    BatchResult result = written(affectedRows).withValues(values);
    return batch.rowVerdicts() ? result.withVerdicts(Arrays.asList(verdicts)) : result;
  }

  private BatchResult written(long affectedRows) {
    if (batch.schema().onAbsent() == AbsentStrategy.REJECT && !absent.isEmpty()) {
      Map<Integer, Throwable> rejected = new HashMap<>();
      absent.forEach(index -> rejected.put(index, new RowAbsentException(batch.schema().table())));
      return BatchResult.partly(affectedRows, rejected);
    }
    if (batch.rowVerdicts()) {
      absent.forEach(index -> verdicts[index] = RowVerdict.ABSENT);
    }
    return BatchResult.written(affectedRows);
  }
}
