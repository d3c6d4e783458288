package io.batchflow.examples;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** A CSV file, opened for reading from its first record to its last: RFC 4180, in UTF-8. */
final class CsvFile implements Iterator<CsvRecord>, AutoCloseable {

  private final Path path;
  private final CloseableIterator<CsvRecord> records;

  private CsvFile(Path path, CloseableIterator<CsvRecord> records) {
    this.path = path;
    this.records = records;
  }

  static CsvFile open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new LoadException(path + " is not a regular file, which it has to be to be read twice");
    }
    try {
      BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8);
      return new CsvFile(
          path,
          CsvReader.builder()
              .allowExtraFields(true)
              .allowMissingFields(true)
              .build(new CsvRecord.Handler(), skipByteOrderMark(reader))
              .iterator());
    } catch (IOException failure) {
      throw unreadable(path, failure);
    }
  }

  private static BufferedReader skipByteOrderMark(BufferedReader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    return reader;
  }

  @Override
  public boolean hasNext() {
    try {
      return records.hasNext();
    } catch (UncheckedIOException failure) {
      throw unreadable(path, failure);
    } catch (CsvParseException malformed) {
      Throwable detail = malformed.getCause() == null ? malformed : malformed.getCause();
      throw new LoadException(
          path + ": " + Reason.of(malformed) + ": " + Reason.of(detail), malformed);
    }
  }

  @Override
  public CsvRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return records.next();
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException failure) {
      throw unreadable(path, failure);
    }
  }

  private static LoadException unreadable(Path path, Exception failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof NoSuchFileException) {
      return new LoadException("There is no file " + path, failure);
    }
    if (cause instanceof CharacterCodingException) {
      return new LoadException(path + " is not in UTF-8; convert it first", failure);
    }
    return new LoadException(path + " cannot be read: " + Reason.of(cause), failure);
  }
}
