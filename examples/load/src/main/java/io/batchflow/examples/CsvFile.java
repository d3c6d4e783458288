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
 * A CSV file, opened for reading from its first record to its last: RFC 4180, in UTF-8, packed by
 * gzip or not.
 */
final class CsvFile implements Iterator<CsvRecord>, AutoCloseable {

  private final Path path;
  private final CloseableIterator<CsvRecord> records;

  /** The last record, appended to what is read: a quote that is never closed takes it in. */
  private final String end;

  private @Nullable CsvRecord next;

  private CsvFile(Path path, CloseableIterator<CsvRecord> records, String end) {
    this.path = path;
    this.records = records;
    this.end = end;
  }

  static CsvFile open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new LoadException(path + " is not a regular file, which it has to be to be read twice");
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

  /** Opens the file, unpacked if it is a gzip one. */
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
          path + " is not in UTF-8 but UTF-16, or no text; convert it, as by iconv -t UTF-8");
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
              + " is never closed; close it, or write a quote within quotes twice");
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
      return new LoadException(path + " is not in UTF-8; convert it first", failure);
    }
    return new LoadException(path + " cannot be read: " + Reason.of(cause), failure);
  }
}
