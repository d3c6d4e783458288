package io.batchflow.jdbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.TableCache;
import io.batchflow.unit.Unit;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch on a worker's session: looks up its table, and repeats a batch that lost a race or
 * whose table has changed. Runs on the worker's thread.
 */
final class BatchWrites {

  private final SqlFailures failures;
  private final TableCache tables;
  private final UnitWrites units;

  BatchWrites(SqlFailures failures, TableCache tables) {
    this.failures = failures;
    this.tables = tables;
    this.units = new UnitWrites(failures, tables);
  }

  BatchResult write(JdbcWorker worker, Batch batch, JdbcWrite write) throws SQLException {
    JdbcSession session = session(worker, batch.schema());
    try {
      return batch.schema().equals(Unit.SCHEMA)
          ? units.write(session, batch, write)
          : write(session, batch, write);
    } catch (SQLException | RuntimeException failure) {
      closeIfHarmed(worker, session, failure);
      if (failures.isStatementLost(failure)) {
        throw SqlWriteException.statementLost(batch.schema(), failure);
      }
      throw failure;
    } finally {
      write.returned();
    }
  }

  private BatchResult write(JdbcSession session, Batch batch, JdbcWrite write) throws SQLException {
    SqlTable table = session.table(batch.schema(), tables);
    if (!write.send(session)) {
      throw SqlWriteException.notSent(batch.schema(), null);
    }
    return write(session, table, batch);
  }

  /** Writes a failed batch once more if the table has changed since it was read. */
  private BatchResult write(JdbcSession session, SqlTable known, Batch batch) throws SQLException {
    try {
      return writeDespiteRaces(session, known, batch);
    } catch (SQLException | RuntimeException failure) {
      SqlTable now =
          tables.invalidateIfSuspect(batch, failures.classify(failure))
              ? readAnew(session, batch.schema(), failure)
              : null;
      if (now == null || !tables.replace(known, now)) {
        throw failure;
      }
      return writeDespiteRaces(session, now, batch);
    }
  }

  private static @Nullable SqlTable readAnew(
      JdbcSession session, Schema schema, Exception failure) {
    try {
      return session.table(schema);
    } catch (SQLException second) {
      failure.addSuppressed(second);
      return null;
    }
  }

  private BatchResult writeDespiteRaces(JdbcSession session, SqlTable table, Batch batch)
      throws SQLException {
    for (int lost = 0; ; lost++) {
      try {
        return session.run(table, batch);
      } catch (SQLException failure) {
        if (lost == SqlFailures.MAX_RACES || !failures.isLostRace(batch.schema(), failure)) {
          throw failure;
        }
      }
    }
  }

  /** Reads the table of a schema from the catalog. */
  SqlTable readTable(JdbcWorker worker, Schema schema) throws SQLException {
    return session(worker, schema).table(schema);
  }

  /** Reads the columns of the tables with the name of that of a schema. */
  List<CatalogRow> readColumns(JdbcWorker worker, Schema schema) throws SQLException {
    return session(worker, schema).columns(schema);
  }

  private JdbcSession session(JdbcWorker worker, Schema schema) {
    try {
      return worker.session();
    } catch (SQLException failure) {
      if (failures.isStatementLost(failure)) {
        throw SqlWriteException.statementLost(schema, failure);
      }
      throw JdbcTransactions.IN_TRANSACTION.equals(failure.getSQLState())
          ? SqlWriteException.inTransaction(schema, failure)
          : SqlWriteException.notConnected(schema, failures.isRefusal(failure), failure);
    }
  }

  /** Closes the connection unless it is certainly sound. */
  private void closeIfHarmed(JdbcWorker worker, JdbcSession session, Exception failure) {
    FailureKind kind = failures.classify(failure);
    boolean harmed =
        kind == FailureKind.UNKNOWN || (kind == FailureKind.PERMANENT && !session.isAlive());
    if (harmed || failures.isReadOnly(failure)) {
      worker.closeSession();
    }
  }
}
