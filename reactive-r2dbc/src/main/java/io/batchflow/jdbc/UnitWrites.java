package io.batchflow.jdbc;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.TableCache;
import io.batchflow.sql.writer.UnitAttempts;
import io.batchflow.sql.writer.UnitRun;
import io.batchflow.sql.writer.UnitTables;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes the units of a batch in one transaction on a worker's session. A unit whose table cannot
 * be written to is left out and rejected by itself. A unit that fails alone is written once more
 * row by row, so that its bad row is known. Runs on the worker's thread.
 */
final class UnitWrites {

  private final SqlFailures failures;
  private final TableCache tables;

  UnitWrites(SqlFailures failures, TableCache tables) {
    this.failures = failures;
    this.tables = tables;
  }

  BatchResult write(JdbcSession session, Batch units, JdbcWrite write) throws SQLException {
    UnitAttempts attempts = new UnitAttempts(units, failures, failures::classify, tables);
    while (true) {
      UnitTables found = tables(session, units);
      if (!write.send(session)) {
        throw SqlWriteException.notSent(units.schema(), null);
      }
      try {
        return write(session, units, found, attempts);
      } catch (SQLException | RuntimeException failure) {
        checkRemains(session, found, failure);
        UnitAttempts.Failed failed = attempts.failed(found, failure);
        if (!failed.again() && !hasChanged(session, failed)) {
          throw unchecked(failed.reason());
        }
      }
    }
  }

  private UnitTables tables(JdbcSession session, Batch units) throws SQLException {
    UnitTables found = new UnitTables(units);
    for (Schema schema : found.schemas()) {
      try {
        found.add(session.table(schema, tables));
      } catch (SqlWriteException failure) {
        if (!UnitTables.isOfTable(failure)) {
          throw failure;
        }
        found.leaveOut(schema, failure);
      }
    }
    return found;
  }

  private BatchResult write(
      JdbcSession session, Batch units, UnitTables found, UnitAttempts attempts)
      throws SQLException {
    List<UnitRun> runs = attempts.runs(found);
    return runs.isEmpty()
        ? found.result(0)
        : session.atomically(
            units.schema(),
            () -> {
              long affected = 0;
              for (UnitRun run : runs) {
                attempts.begin(run);
                affected += attempts.end(session.execute(found.of(run), run.batch()));
              }
              return found.result(affected);
            });
  }

  /** A table may have lost its transactions since it was read. */
  private void checkRemains(JdbcSession session, UnitTables found, Exception failure) {
    if (failures.classify(failure) == FailureKind.UNKNOWN) {
      return;
    }
    for (SqlTable table : found.all()) {
      String left = null;
      try {
        left = session.lacksTransactions(table);
      } catch (SQLException second) {
        failure.addSuppressed(second);
      }
      if (left != null) {
        tables.forget(table.schema());
        throw SqlWriteException.remains(table.schema(), left, BadRowException.causeOf(failure));
      }
    }
  }

  /** A table that can no longer be found, or no longer be written to, has changed. */
  private boolean hasChanged(JdbcSession session, UnitAttempts.Failed failed) {
    SqlTable suspect = failed.suspect();
    if (suspect == null) {
      return false;
    }
    try {
      return tables.replace(suspect, session.table(suspect.schema()));
    } catch (SQLException | RuntimeException second) {
      failed.reason().addSuppressed(second);
      return UnitTables.isOfTable(second);
    }
  }

  /** The reason is the failure of a driver, or one of this module. */
  private static RuntimeException unchecked(Throwable reason) throws SQLException {
    if (reason instanceof SQLException driver) {
      throw driver;
    }
    return reason instanceof RuntimeException own ? own : new IllegalStateException(reason);
  }
}
