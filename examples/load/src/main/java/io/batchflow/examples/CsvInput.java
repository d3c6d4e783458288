package io.batchflow.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file that a load reads. Standard input is first stored in a temporary file, as a load reads
 * its input twice.
 */
final class CsvInput implements AutoCloseable {

  private static final Path STANDARD_INPUT = Path.of("-");

  private final Path file;
  private final boolean temporary;

  private CsvInput(Path file, boolean temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  /** Returns the named file, or standard input for {@code -}. */
  static CsvInput of(Path named) {
    return named.equals(STANDARD_INPUT) ? store() : new CsvInput(named, false);
  }

  private static CsvInput store() {
    try {
      Path file = Files.createTempFile("standard-input-", ".csv");
      CsvInput input = new CsvInput(file, true);
      try {
        Files.copy(System.in, file, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException failure) {
        input.close();
        throw failure;
      }
      return input;
    } catch (IOException failure) {
      throw new LoadException(
          "Standard input cannot be stored in a temporary file: " + Reason.of(failure), failure);
    }
  }

  Path file() {
    return file;
  }

  /** Deletes the file if it is temporary. */
  @Override
  public void close() {
    if (temporary) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException failure) {
        file.toFile().deleteOnExit();
      }
    }
  }
}
