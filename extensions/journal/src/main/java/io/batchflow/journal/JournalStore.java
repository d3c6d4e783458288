package io.batchflow.journal;

import java.util.Collection;
import org.rocksdb.RocksDBException;

/** Stores rows by their numbers until they have ended. Used by one thread. */
interface JournalStore extends AutoCloseable {

  /** Appends entries in their order and waits until they are on the disk: all of them or none. */
  void append(Collection<JournalEntry> entries) throws RocksDBException;

  /** Removes rows, in this order. After a crash some may reappear. */
  void remove(Collection<Long> numbers) throws RocksDBException;

  @Override
  void close();
}
