package io.batchflow.journal;

import io.batchflow.BatchFlow;
import io.batchflow.Row;
import io.batchflow.test.RecordingWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.rocksdb.RocksDBException;

/** A store in memory. Its content is what a crash would leave. */
final class MemoryStore implements JournalStore {

  private final TreeMap<Long, Row> rows = new TreeMap<>();

  /** Whether rows cannot be removed. */
  volatile boolean full;

  /** Whether appended rows are there, but could not be synced. */
  volatile boolean unsynced;

  private long next;

  /** Opens a journal with this log, before a flow in memory. */
  Journal open(int maxRows) {
    return new Journal(
        BatchFlow.builder(RecordingWriter.create()).build(),
        this,
        maxRows,
        outcome -> {},
        new ArrayList<>(),
        Executors.newSingleThreadScheduledExecutor());
  }

  @Override
  public synchronized void append(Collection<JournalEntry> entries) throws RocksDBException {
    for (JournalEntry entry : entries) {
      entry.number = next++;
      rows.put(entry.number, entry.row);
    }
    if (unsynced) {
      throw new RocksDBException("Input/output error");
    }
  }

  @Override
  public synchronized void remove(Collection<Long> numbers) throws RocksDBException {
    if (full) {
      throw new RocksDBException("No space left on device");
    }
    rows.keySet().removeAll(numbers);
  }

  /** Returns the rows that would be replayed, in their order. */
  synchronized List<Row> rows() {
    return List.copyOf(rows.values());
  }

  @Override
  public void close() {}
}
