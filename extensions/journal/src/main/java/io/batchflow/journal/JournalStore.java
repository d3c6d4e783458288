package io.batchflow.journal;

import java.util.Collection;
import org.rocksdb.RocksDBException;

/** Where rows are kept by their numbers until they have ended. Belongs to one thread. */
interface JournalStore extends AutoCloseable {

  /** Appends entries in their order and waits until they are on the disk: all of them or none. */
  void append(Collection<JournalEntry> entries) throws RocksDBException;

  /** Forgets rows, in this order; after a crash some may be there again. */
  void remove(Collection<Long> numbers) throws RocksDBException;

  @Override
  void close();
}
