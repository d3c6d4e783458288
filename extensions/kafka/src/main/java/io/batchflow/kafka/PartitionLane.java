package io.batchflow.kafka;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.spi.Origin;
import io.batchflow.unit.Unit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Stores the records of one assignment of a partition, in their order. One unit at a time is in
 * flight: the rows of the next records, and the offset after them. So the stored offset says
 * exactly which records are stored. Thread-safe: one thread at a time runs what all of them post.
 */
final class PartitionLane {

  private static final Logger LOG = Loggers.getLogger(KafkaIngest.class);

  private final AssignedPartition partition;
  private final Claim claim;
  private final BatchFlow flow;
  private final OffsetTable table;
  private final RecordEnds ends;

  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger posted = new AtomicInteger();

  // Used by events only.
  private final Deque<WaitingRecord> waiting = new ArrayDeque<>();
  private int most = WaitingRecord.MOST_ROWS;
  private boolean busy;
  private boolean over;

  private volatile @Nullable Disposable submission;

  PartitionLane(AssignedPartition partition, BatchFlow flow, OffsetTable table, RecordEnds ends) {
    this.partition = partition;
    this.claim = Objects.requireNonNull(partition.claim, "claim");
    this.flow = flow;
    this.table = table;
    this.ends = ends;
  }

  void add(WaitingRecord record) {
    post(() -> waiting.add(record));
  }

  /** Withdraws the unit in flight if it was not sent yet. */
  void close() {
    post(() -> over = true);
    Disposable last = submission;
    if (last != null) {
      last.dispose();
    }
  }

  private void post(Runnable event) {
    events.add(event);
    if (posted.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    do {
      for (Runnable next; (next = events.poll()) != null; ) {
        next.run();
      }
      proceed();
      seen = posted.addAndGet(-seen);
    } while (seen > 0);
  }

  private void proceed() {
    if (over || partition.isGivenUp()) {
      over = true;
      waiting.forEach(record -> record.record().end(RecordEnd.OPEN));
      waiting.clear();
      return;
    }
    WaitingRecord first = waiting.peek();
    if (busy || first == null) {
      return;
    }
    busy = true;
    Throwable reason = first.reason();
    if (reason != null) {
      waiting.remove();
      ends.keep(first.record(), reason, end -> post(() -> kept(first, end)));
    } else {
      send(cut());
    }
  }

  /** The offset of a dead letter is stored with the next unit. */
  private void kept(WaitingRecord letter, RecordEnd end) {
    busy = false;
    if (end == RecordEnd.KEPT) {
      waiting.addFirst(letter.kept());
    } else {
      waiting.addFirst(letter);
      over = true;
    }
  }

  private List<WaitingRecord> cut() {
    List<WaitingRecord> records = new ArrayList<>();
    int rows = 0;
    for (WaitingRecord next; (next = waiting.peek()) != null && next.reason() == null; ) {
      rows += next.rows().size();
      if (!records.isEmpty() && (rows > most || records.size() == most)) {
        break;
      }
      records.add(waiting.remove());
    }
    return records;
  }

  private void send(List<WaitingRecord> records) {
    List<Row> rows = new ArrayList<>();
    long next = records.get(records.size() - 1).record().record().offset() + 1;
    // First, so that a claim waits for the whole transaction, and a lost claim costs no inserts.
    rows.add(table.moveTo(claim, next));
    records.forEach(record -> rows.addAll(record.rows()));
    try {
      Origin origin = () -> records.stream().flatMap(record -> record.record().contexts());
      Row unit = Unit.of(rows).tag(origin);
      submission =
          flow.submitAll(Mono.just(unit)) // waits for room, whatever the policy
              .subscribe(
                  outcome -> post(() -> ended(records, outcome)),
                  failure -> post(() -> stopped(records, failure)));
    } catch (InvalidRowException invalid) {
      post(() -> rejected(records, invalid));
    }
  }

  private void ended(List<WaitingRecord> records, Outcome<Row> outcome) {
    BatchFlowException error = outcome.error();
    if (error == null) {
      busy = false;
      most = Math.min(2 * most, WaitingRecord.MOST_ROWS);
      records.forEach(record -> record.record().end(record.end()));
    } else if (error instanceof RowAbsentException && error.positionInUnit() == 0) {
      doubted(records, "was claimed by another member");
    } else if (error.status() == OutcomeStatus.UNKNOWN) {
      doubted(records, "may have been stored up to any of two offsets");
    } else if (RecordEnds.isRejected(error) && error.positionInUnit() != 0) {
      rejected(records, error);
    } else {
      stopped(records, error);
    }
  }

  /** The database knows what was stored. A new claim tells it. */
  private void doubted(List<WaitingRecord> records, String problem) {
    LOG.warn(
        "The partition {} {}. It is claimed again if it is still assigned", partition, problem);
    putBack(records);
    over = true;
    partition.doubt();
  }

  private void rejected(List<WaitingRecord> records, BatchFlowException error) {
    busy = false;
    putBack(records);
    most = Math.max(1, Math.min(most, records.size()) / 2);
    int bad = records.size() == 1 ? 0 : recordOf(records, error.positionInUnit());
    if (bad >= 0) {
      List<WaitingRecord> before = new ArrayList<>();
      for (int i = 0; i < bad; i++) {
        before.add(waiting.remove());
      }
      waiting.addFirst(waiting.remove().rejected(error));
      putBack(before);
    }
  }

  /** Returns the index of the record with a row of the unit; -1 if the row is not known. */
  private static int recordOf(List<WaitingRecord> records, int position) {
    int rows = 1; // that of the offset
    for (int i = 0; i < records.size(); i++) {
      rows += records.get(i).rows().size();
      if (position > 0 && position < rows) {
        return i;
      }
    }
    return -1;
  }

  private void stopped(List<WaitingRecord> records, Throwable failure) {
    ends.stop(records.get(0).record(), "was not stored. Start again to read it again", failure);
    putBack(records);
    over = true;
  }

  private void putBack(List<WaitingRecord> records) {
    for (int i = records.size() - 1; i >= 0; i--) {
      waiting.addFirst(records.get(i));
    }
  }
}
