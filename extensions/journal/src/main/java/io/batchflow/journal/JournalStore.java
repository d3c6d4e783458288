package io.batchflow.journal;

import java.util.Collection;
import org.rocksdb.RocksDBException;

/** Stores rows by their numbers until they have ended. Used by one thread. */
interface JournalStore extends AutoCloseable {

  /**
   * Numbers entries in their order, appends them, and waits until they are on the disk: all of them
   * or none. If that fails, for example because the disk could not be synced, the numbered ones may
   * be in the store all the same. A number is never used again.
   */
  void append(Collection<JournalEntry> entries) throws RocksDBException;

  /** Removes rows, in this order. After a crash some may reappear. */
  void remove(Collection<Long> numbers) throws RocksDBException;

  @Override
  void close();
}
