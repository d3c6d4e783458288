package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import java.util.List;
import java.util.Set;

/** How the stored values of rows are read after their statement, in its transaction. */
enum ReadBack {
  /** Not at all: nobody asks for them, or only the statement itself can return them. */
  NONE,
  /** By the keys of the rows. */
  BY_KEY,
  /** By the numbers that the database has just given to the rows, in their order. */
  BY_NUMBER;

  /**
   * @param present the columns that the rows set
   */
  static ReadBack of(SqlDialect dialect, SqlTable table, Batch batch, List<SqlColumn> present) {
    if (batch.returning().isEmpty() || batch.schema().isUpdateOnly()) {
      return NONE;
    }
    if (table.mayIgnore(present)) {
      return batch.returningExisting() ? BY_KEY : NONE;
    }
    List<SqlColumn> returned = table.named(batch.returning());
    boolean bySelect =
        dialect.insertReturningValues(table, present, 1, returned) == null
            && dialect.storesAsGiven(table);
    if (!bySelect) {
      return NONE;
    }
    if (dialect.selectInserted(table, present, 1, returned) != null) {
      return BY_NUMBER;
    }
    boolean byKey =
        isKeyOfOneRow(table, present) && dialect.selectStored(table, 1, returned) != null;
    return byKey ? BY_KEY : NONE;
  }

  /** A plain insert may have a conflict key that is not unique. */
  private static boolean isKeyOfOneRow(SqlTable table, List<SqlColumn> present) {
    List<SqlColumn> key = table.conflictKey();
    Set<SqlColumn> columns = Set.copyOf(key);
    boolean unique =
        table.schema().onConflict() != ConflictStrategy.FAIL
            || table.uniqueKeys().stream().map(Set::copyOf).anyMatch(columns::equals);
    return !key.isEmpty() && present.containsAll(key) && unique;
  }
}
