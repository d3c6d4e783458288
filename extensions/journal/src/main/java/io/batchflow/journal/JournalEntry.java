package io.batchflow.journal;

import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One row in the journal, with the callers that wait for it. */
final class JournalEntry {

  static final long UNNUMBERED = -1;

  private static final byte[] NONE = {};

  /** The row that goes through the flow: a separate object with the caller's values and tag. */
  final Row row;

  final boolean replayed;
  final Sinks.One<WriteResult> durable = Sinks.one();
  final Sinks.One<Receipt> accepted = Sinks.one();

  private byte[] value;

  /** Its number in the journal; {@link #UNNUMBERED} before it has one. */
  long number = UNNUMBERED;

  private JournalEntry(Row row, byte[] value, boolean replayed) {
    this.row = row;
    this.value = value;
    this.replayed = replayed;
  }

  static JournalEntry coming(Row row, byte[] value) {
    return new JournalEntry(copy(row), value, false);
  }

  /** Copies a row, since it may be accepted more than once, with an outcome each time. */
  private static Row copy(Row row) {
    Schema schema = row.schema();
    Row copy = (row.isDelete() ? schema.delete() : schema.row()).tag(row.tag());
    for (int i = 0; i < row.schema().columns().size(); i++) {
      if (row.isSet(i)) {
        copy.set(i, row.value(i));
      }
    }
    return copy;
  }

  static JournalEntry replayed(Row row, long number) {
    JournalEntry entry = new JournalEntry(row, NONE, true);
    entry.number = number;
    return entry;
  }

  /**
   * Returns the stored form of the row, once. It is released, as the row may wait for a long time.
   */
  byte[] takeValue() {
    byte[] taken = value;
    value = NONE;
    return taken;
  }

  void accept() {
    Mono<WriteResult> end = durable.asMono();
    accepted.tryEmitValue(new Receipt(row, end));
  }

  /** The flow has not taken the row. It is written when the journal is opened again. */
  void leave() {
    durable.tryEmitError(JournalException.closedBefore());
  }
}
