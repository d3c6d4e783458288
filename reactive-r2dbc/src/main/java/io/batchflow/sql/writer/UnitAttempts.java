package io.batchflow.sql.writer;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.SqlFailures;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.TableCache;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to write a batch of units. Another one can help after a lost race, if a table has
 * changed, and to find the bad row of a unit that fails alone. Used by one thread at a time.
 */
public final class UnitAttempts {

  /**
   * A failed attempt, whose transaction was rolled back.
   *
   * @param reason the failure, which names the bad unit and its bad row as far as they are known
   * @param again whether to write the units once more at once
   * @param suspect the table that may have changed since it was read, so that it must be read
   *     again; null if there is none
   */
  public record Failed(Throwable reason, boolean again, @Nullable SqlTable suspect) {}

  private final Batch units;
  private final SqlFailures failures;
  private final FailureClassifier classifier;
  private final TableCache tables;
  private final Set<Schema> readAnew = new HashSet<>();

  private int races;
  private boolean rowByRow;

  /** The run under way; null while a transaction begins or commits. */
  private @Nullable UnitRun running;

  /**
   * Starts with no attempt.
   *
   * @param classifier tells what a failure means for the writer
   */
  public UnitAttempts(
      Batch units, SqlFailures failures, FailureClassifier classifier, TableCache tables) {
    this.units = units;
    this.failures = failures;
    this.classifier = classifier;
    this.tables = tables;
  }

  /** Returns the runs of the next attempt, in the order in which they must be written. */
  public List<UnitRun> runs(UnitTables found) {
    return found.runs(rowByRow);
  }

  /** Begins a run. */
  public void begin(UnitRun run) {
    running = run;
  }

  /**
   * Ends the run under way, and returns the number of rows that it affected.
   *
   * @throws BadRowException if a row was rejected: then the whole unit is
   */
  public long end(BatchResult result) {
    Map.Entry<Integer, Throwable> bad =
        result.rejected().entrySet().stream().min(Map.Entry.comparingByKey()).orElse(null);
    if (bad != null) {
      throw new BadRowException(bad.getKey(), bad.getValue());
    }
    running = null;
    return result.affectedRows();
  }

  /** Ends the attempt by a failure. */
  public Failed failed(UnitTables found, Throwable failure) {
    UnitRun run = running;
    running = null;
    Throwable cause = BadRowException.causeOf(failure);
    if (run == null || failures.isStatementLost(cause)) {
      return new Failed(cause, false, null);
    }
    FailureKind kind = classifier.classify(cause);
    Throwable named = run.named(failure, kind);
    boolean lost = failures.isLostRace(run.batch().schema(), cause);
    if ((lost && races++ < SqlFailures.MAX_RACES) || searches(run, named)) {
      return new Failed(named, true, null);
    }
    boolean suspect =
        !readAnew.contains(run.batch().schema()) && tables.invalidateIfSuspect(run.batch(), kind);
    if (suspect) {
      readAnew.add(run.batch().schema());
    }
    return new Failed(named, false, suspect ? found.of(run) : null);
  }

  /** Returns whether to write row by row, to find the bad row. */
  private boolean searches(UnitRun run, Throwable named) {
    boolean search =
        !rowByRow
            && units.size() == 1
            && run.batch().size() > 1
            && named instanceof BadRowException bad
            && bad.positionInUnit() < 0;
    rowByRow |= search;
    return search;
  }
}
