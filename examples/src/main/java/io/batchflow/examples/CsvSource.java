package io.batchflow.examples;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifier;
import io.batchflow.Request;
import io.batchflow.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * A CSV file with a header row, in UTF-8. An empty field is NULL, unless it is quoted. Read as a
 * stream, on a thread that may block.
 */
final class CsvSource implements Source {

  /** Stands for an empty field without quotes; no file can hold it as a field of its own. */
  private static final String NULL = "\0null";

  private final Path file;
  private final List<Column> columns;
  private final long size;

  private CsvSource(Path file, List<Column> columns, long size) {
    this.file = file;
    this.columns = columns;
    this.size = size;
  }

  /** Opens a file for a table that exists: its types are the table's. */
  static CsvSource of(Path file, String table, List<Column> known) {
    List<Column> columns = new ArrayList<>();
    for (String name : header(file)) {
      columns.add(
          known.stream()
              .filter(column -> column.name().equalsIgnoreCase(name))
              .findFirst()
              .map(column -> new Column(name, column.type()))
              .orElseThrow(
                  () ->
                      new LoadException(
                          "Table '%s' has no column '%s', which the header of %s names; its columns are %s."
                              .formatted(
                                  table,
                                  name,
                                  file,
                                  String.join(", ", known.stream().map(Column::name).toList())))));
    }
    return new CsvSource(file, columns, -1);
  }

  /** Opens a file for a table to be made: its types are read off all its values. */
  static CsvSource inferred(Path file, Set<ColumnType> candidates) {
    List<String> header = header(file);
    List<EnumSet<ColumnType>> possible = new ArrayList<>();
    header.forEach(name -> possible.add(EnumSet.copyOf(candidates)));
    boolean[] seen = new boolean[header.size()];
    long rows = 0;
    try (CloseableIterator<CsvRecord> records = open(file)) {
      records.next();
      for (; records.hasNext(); rows++) {
        CsvRecord row = records.next();
        for (int i = 0; i < header.size() && row.getFieldCount() == header.size(); i++) {
          String field = row.getField(i);
          if (!field.equals(NULL)) {
            seen[i] = true;
            possible.get(i).removeIf(type -> !type.accepts(field));
          }
        }
      }
    } catch (IOException | UncheckedIOException | CsvParseException failure) {
      throw unreadable(file, failure);
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      ColumnType type = seen[i] ? Collections.min(possible.get(i)) : ColumnType.TEXT;
      columns.add(new Column(header.get(i), type));
    }
    return new CsvSource(file, columns, rows);
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Flux<Request> rows(Schema schema, Refusals refusals) {
    return Flux.<Request, CloseableIterator<CsvRecord>>generate(
            () -> {
              CloseableIterator<CsvRecord> records = open(file);
              records.next();
              return records;
            },
            (records, sink) -> {
              Request row = null;
              while (row == null && records.hasNext()) {
                row = row(schema, records.next(), refusals);
              }
              if (row == null) {
                sink.complete();
              } else {
                sink.next(row);
              }
              return records;
            },
            CsvSource::close)
        .onErrorMap(
            failure ->
                failure instanceof CsvParseException || failure instanceof UncheckedIOException,
            failure -> unreadable(file, failure))
        .subscribeOn(Schedulers.boundedElastic());
  }

  private @Nullable Request row(Schema schema, CsvRecord record, Refusals refusals) {
    long line = record.getStartingLineNumber();
    if (record.getFieldCount() != columns.size()) {
      refusals.add(
          line,
          "it has %d fields, the header %d".formatted(record.getFieldCount(), columns.size()));
      return null;
    }
    Request request = schema.request().tag(line);
    for (int i = 0; i < columns.size(); i++) {
      String field = record.getField(i);
      Column column = columns.get(i);
      try {
        request.set(i, field.equals(NULL) ? null : column.type().parse(field));
      } catch (RuntimeException mismatch) {
        refusals.add(
            line, "column '%s' takes %s".formatted(column.name(), column.type().meaning()));
        return null;
      }
    }
    return request;
  }

  private static List<String> header(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new LoadException("There is no file " + file + ".");
    }
    try (CloseableIterator<CsvRecord> records = open(file)) {
      if (!records.hasNext()) {
        throw new LoadException("File " + file + " is empty; its first row must name the columns.");
      }
      List<String> header = records.next().getFields();
      Set<String> names = new HashSet<>();
      for (String name : header) {
        if (name.equals(NULL) || name.isBlank() || !names.add(name)) {
          throw new LoadException(
              "The header of " + file + " has a column without a name, or one name twice.");
        }
      }
      return header;
    } catch (IOException | UncheckedIOException | CsvParseException failure) {
      throw unreadable(file, failure);
    }
  }

  private static CloseableIterator<CsvRecord> open(Path file) throws IOException {
    FieldModifier nulls =
        new FieldModifier() {
          @Override
          public String modify(long line, int index, boolean quoted, String field) {
            return field.isEmpty() && !quoted ? NULL : field;
          }
        };
    return CsvReader.builder()
        .allowExtraFields(true)
        .allowMissingFields(true)
        .detectBomHeader(true)
        .build(CsvRecordHandler.builder().fieldModifier(nulls).build(), file)
        .iterator();
  }

  private static void close(CloseableIterator<CsvRecord> records) {
    try {
      records.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static LoadException unreadable(Path file, Throwable failure) {
    Throwable reason = failure.getCause() == null ? failure : failure.getCause();
    return new LoadException("File " + file + " cannot be read: " + reason.getMessage());
  }
}
