package io.batchflow.journal;

import io.batchflow.spi.Printable;
import org.jspecify.annotations.Nullable;

/** The journal cannot accept a row, or cannot be opened. Its rows are not lost. */
public final class JournalException extends RuntimeException {

  JournalException(String problem, String remedy, @Nullable Throwable cause) {
    super(Printable.line(problem + ". " + remedy + "."), cause);
  }

  static JournalException full(int maxRows) {
    return new JournalException(
        "The journal holds " + maxRows + " rows that have no outcome yet",
        "Submit later, slow down, or raise maxRows",
        null);
  }

  static JournalException closed() {
    return new JournalException("The journal is closed", "Open it anew", null);
  }

  static JournalException closedBefore() {
    return new JournalException(
        "The journal was closed before the row was written",
        "It is written when the journal is opened anew",
        null);
  }

  static JournalException foreign(String what, @Nullable Throwable cause) {
    return new JournalException(
        what + " is not one that this version writes",
        "Open it with the version that wrote it, or begin one in another directory",
        cause);
  }

  static JournalException cannotForget(int rows) {
    return new JournalException(
        "The journal cannot remove " + rows + " rows that have ended",
        "See its warning in the log: is the disk full?",
        null);
  }

  static JournalException broken(Throwable cause) {
    return new JournalException(
        "The journal could not be written", "See the cause: is the disk full?", cause);
  }
}
