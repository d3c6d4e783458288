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
 * The tables that a writer has read from the catalog, up to a thousand. For authors of writers over
 * {@link SqlDialect}. Safe for any thread.
 */
public final class TableCache {

  private static final int MAX_TABLES = 1_000;

  /** To read the catalog may take longer than to write a batch. */
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

  /** Forgets a table, so that it is read again. */
  public void forget(Schema schema) {
    tables.remove(schema);
  }

  /**
   * Returns whether a batch may have failed because its table has changed. Then the table must be
   * read again, and the batch written again if {@link #replace} returns true. That is so for
   * lasting failures, and at most once a second for rejected rows. After an unknown outcome the
   * batch is not written again, but the next batch reads the table again.
   */
  public boolean invalidateIfSuspect(Batch batch, FailureKind kind) {
    Schema schema = batch.schema();
    boolean doubted =
        switch (kind) {
          case PERMANENT, UNUSABLE -> true;
          case DATA, INVALID -> isTimeToDoubt(schema);
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

  /** Remembers a table that was read again. Returns whether it has changed. */
  public boolean replace(SqlTable before, SqlTable now) {
    remember(now);
    return !now.isSameAs(before);
  }
}
