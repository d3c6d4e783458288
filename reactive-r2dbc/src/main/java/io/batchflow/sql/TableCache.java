package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tables that a writer has read from the catalog, up to a thousand; for those who write writers
 * over {@link SqlDialect}. Safe for any thread.
 */
public final class TableCache {

  private static final int MAX_TABLES = 1_000;

  /** Reading a catalog may take longer than writing a batch. */
  private static final long BETWEEN_DOUBTS = TimeUnit.SECONDS.toNanos(1);

  private final Map<Schema, SqlTable> tables = new ConcurrentHashMap<>();
  private final Map<Schema, Long> doubtedAt = new ConcurrentHashMap<>();

  /** Returns the table of a schema; null if it has to be read. */
  public @Nullable SqlTable of(Schema schema) {
    return tables.get(schema);
  }

  /** Returns how the table of a schema compares conflict keys; null if it has to be read first. */
  public @Nullable KeyEquality keyEquality(Schema schema, SqlDialect dialect) {
    SqlTable known = tables.get(schema);
    return known == null ? null : known.keys(dialect);
  }

  /** Remembers a table that was read. */
  public void remember(SqlTable table) {
    if (tables.size() >= MAX_TABLES) {
      tables.clear();
      doubtedAt.clear();
    }
    tables.put(table.schema(), table);
  }

  /** Has a table read anew. */
  public void forget(Schema schema) {
    tables.remove(schema);
  }

  /**
   * Returns whether a batch's failure may come from an older form of its table, which is then to be
   * read anew, for the batch to be written again if {@link #replace} tells that it has changed: if
   * the failure lasts, and, once a second at most, if rows were rejected. After an unknown outcome
   * the batch is not written again here, and the next one reads the table anew.
   */
  public boolean invalidateIfSuspect(Batch batch, FailureKind kind) {
    Schema schema = batch.schema();
    boolean doubted =
        switch (kind) {
          case PERMANENT, UNUSABLE -> true;
          case DATA -> isTimeToDoubt(schema);
          case UNKNOWN -> {
            forget(schema);
            yield false;
          }
          case TRANSIENT, CONTENTION -> false;
        };
    if (doubted) {
      forget(schema);
    }
    return doubted;
  }

  private boolean isTimeToDoubt(Schema schema) {
    long now = System.nanoTime();
    Long before = doubtedAt.get(schema);
    boolean isTime = before == null || now - before >= BETWEEN_DOUBTS;
    if (isTime) {
      doubtedAt.put(schema, now);
    }
    return isTime;
  }

  /** Remembers a table that was read anew; returns whether it is another than it was. */
  public boolean replace(SqlTable before, SqlTable now) {
    remember(now);
    return !now.isSameAs(before);
  }
}
