package io.batchflow.examples;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a CSV file in order. The file follows RFC 4180, is in UTF-8, and may be
 * compressed with gzip.
 */
final class CsvFile implements Iterator<CsvRecord>, AutoCloseable {

  private final Path path;
  private final CloseableIterator<CsvRecord> records;

  /** Appended to the file as a last record. An open quote swallows it, which reveals the quote. */
  private final String end;

  private @Nullable CsvRecord next;

  private CsvFile(Path path, CloseableIterator<CsvRecord> records, String end) {
    this.path = path;
    this.records = records;
    this.end = end;
  }

  static CsvFile open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new LoadException(path + " is not a regular file, so it cannot be read twice");
    }
    try {
      String end = "end of file " + UUID.randomUUID();
      InputStream mark = new ByteArrayInputStream(("\n" + end).getBytes(StandardCharsets.UTF_8));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  new SequenceInputStream(content(path), mark),
                  StandardCharsets.UTF_8.newDecoder()));
      return new CsvFile(
          path,
          CsvReader.builder()
              .allowExtraFields(true)
              .allowMissingFields(true)
              .build(new CsvRecord.Handler(), skipByteOrderMark(reader))
              .iterator(),
          end);
    } catch (IOException failure) {
      throw unreadable(path, failure);
    }
  }

  /** Opens the file, and decompresses it if it is in gzip format. */
  private static InputStream content(Path path) throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(path));
    file.mark(2);
    int first = file.read();
    int second = file.read();
    file.reset();
    if (first == 0x1f && second == 0x8b) {
      return new GZIPInputStream(file);
    }
    if (first == 0 || second == 0 || first == 0xfe || first == 0xff) {
      file.close();
      throw new LoadException(
          path + " is UTF-16 or not a text; convert it to UTF-8, for example with iconv -t UTF-8");
    }
    return file;
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
    if (next == null) {
      next = read();
    }
    List<@Nullable String> fields = next.fields();
    String last = fields.get(fields.size() - 1);
    if (last == null || !last.endsWith(end)) {
      return true;
    }
    if (fields.size() > 1 || !last.equals(end)) {
      throw new LoadException(
          path
              + ": the quote that begins in line "
              + next.lastFieldsLine()
              + " is never closed; close it, and double a quote inside a quoted field");
    }
    return false;
  }

  private CsvRecord read() {
    try {
      return records.next();
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
    CsvRecord record = hasNext() ? next : null;
    if (record == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return record;
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
      return new LoadException(path + " is not in UTF-8; convert it to UTF-8 first", failure);
    }
    return new LoadException(path + " cannot be read: " + Reason.of(cause), failure);
  }
}
