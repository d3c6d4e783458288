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
        "The journal holds " + maxRows + " rows without an outcome",
        "Submit later, slow down, or raise maxRows",
        null);
  }

  static JournalException closed() {
    return new JournalException("The journal is closed", "Open it again", null);
  }

  static JournalException closedBefore() {
    return new JournalException(
        "The journal was closed before the row was written",
        "It is written when the journal is opened again",
        null);
  }

  static JournalException foreign(String what, @Nullable Throwable cause) {
    return new JournalException(
        what + " was not written by this version",
        "Open it with the version that wrote it, or start a journal in another directory",
        cause);
  }

  static JournalException cannotForget(int rows) {
    return new JournalException(
        "The journal cannot remove " + rows + " rows that have ended",
        "See its warning in the log: the disk may be full",
        null);
  }

  static JournalException broken(Throwable cause) {
    return new JournalException(
        "The journal could not be written. If the process ends now, the row may still be written"
            + " when the journal is opened again",
        "See the cause: the disk may be full",
        cause);
  }
}
