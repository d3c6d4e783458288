package io.batchflow.backup;

import io.batchflow.spi.Printable;

/**
 * A backup cannot be written, is damaged, or does not fit the table. Names files, tables and
 * columns, never a value.
 */
public final class BackupException extends RuntimeException {

  BackupException(String problem, String remedy) {
    super(Printable.line(problem + ". " + remedy + "."));
  }
}
