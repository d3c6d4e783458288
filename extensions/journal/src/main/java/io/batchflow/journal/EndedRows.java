package io.batchflow.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.rocksdb.RocksDBException;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The numbers of rows that have ended or that were not accepted, until they are removed from the
 * store. Used by one thread, except {@link #add}.
 */
final class EndedRows {

  private static final Logger LOG = Loggers.getLogger(JournaledFlow.class);

  private final JournalStore store;
  private final Queue<Long> added = new ConcurrentLinkedQueue<>();
  private final List<Long> unremoved = new ArrayList<>();
  private boolean failureLogged;

  EndedRows(JournalStore store) {
    this.store = store;
  }

  void add(long number) {
    added.add(number);
  }

  /** Returns how many rows could not be removed. */
  int unremoved() {
    return unremoved.size();
  }

  /**
   * Rows that could not be removed are removed together with later ones, all or none: an old row
   * must not stay after a newer row of its key was removed, since a replay would overwrite the
   * newer row.
   */
  void remove() {
    unremoved.addAll(takeAll(added));
    if (unremoved.isEmpty()) {
      return;
    }
    try {
      store.remove(unremoved);
      unremoved.clear();
    } catch (RocksDBException | RuntimeException failure) {
      if (!failureLogged) {
        failureLogged = true;
        LOG.warn(
            "Rows that have ended could not be removed from the journal: {}", failure.getMessage());
      }
    }
  }

  /** Removes and returns all elements of a queue. */
  static <T> List<T> takeAll(Queue<T> queue) {
    List<T> all = new ArrayList<>();
    T next;
    while ((next = queue.poll()) != null) {
      all.add(next);
    }
    return all;
  }
}
