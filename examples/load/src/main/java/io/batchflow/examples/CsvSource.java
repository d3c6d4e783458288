package io.batchflow.examples;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The rows of a CSV file whose first record names the columns. An empty field is NULL, and a quoted
 * empty field is an empty text. The file is read twice, first to count the rows and to infer the
 * types. It is never held in memory.
 */
final class CsvSource implements Source {

  private final Path path;
  private final List<Column> columns;
  private final long size;

  private CsvSource(Path path, List<Column> columns, long size) {
    this.path = path;
    this.columns = columns;
    this.size = size;
  }

  /** Reads the whole file to find its columns, their types, and the number of rows. */
  static CsvSource scan(Path path) {
    try (CsvFile file = CsvFile.open(path)) {
      List<String> header = header(path, file);
      List<TypeInference> types = header.stream().map(name -> new TypeInference()).toList();
      long size = 0;
      while (file.hasNext()) {
        List<@Nullable String> fields = file.next().fields();
        size++;
        for (int i = 0; i < Math.min(fields.size(), types.size()); i++) {
          String field = fields.get(i);
          if (field != null) {
            types.get(i).accept(field);
          }
        }
      }
      List<Column> columns = new ArrayList<>();
      for (int i = 0; i < header.size(); i++) {
        columns.add(new Column(header.get(i), types.get(i).type()));
      }
      return new CsvSource(path, columns, size);
    }
  }

  private static List<String> header(Path path, CsvFile file) {
    if (!file.hasNext()) {
      throw new LoadException(path + " is empty: its first line must name the columns");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String field : file.next().fields()) {
      String name = field == null ? "" : field.strip();
      names.add(name);
      if (name.isEmpty()) {
        throw new LoadException(path + ": column " + names.size() + " of the header has no name");
      }
      if (!seen.add(name)) {
        throw new LoadException(path + ": the header names the column '" + name + "' twice");
      }
    }
    if (names.size() == 1 && names.get(0).matches(".*[;\t|].*")) {
      throw new LoadException(
          path
              + ": the only column of the header has another delimiter in its name; separate the"
              + " fields by commas");
    }
    return names;
  }

  @Override
  public String description() {
    return Report.rows(size) + " of " + path.getFileName();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public Flux<Row> rows(Schema schema, List<ColumnType> types, Rejections rejections) {
    return records()
        .skip(1)
        .handle(
            (csv, sink) -> {
              Row row = schema.row().tag(csv.line());
              String problem = fill(row, types, csv.fields());
              if (problem == null) {
                sink.next(row);
              } else {
                rejections.add(csv.line(), problem);
              }
            });
  }

  /** Sets the columns. Returns the problem if this is impossible, without any value. */
  private static @Nullable String fill(
      Row row, List<ColumnType> types, List<@Nullable String> fields) {
    if (fields.size() != types.size()) {
      return "it has " + fields.size() + " fields, but the header has " + types.size();
    }
    for (int i = 0; i < types.size(); i++) {
      String field = fields.get(i);
      String column = row.schema().columns().get(i);
      if ((field == null || field.isEmpty()) && row.schema().conflictKey().contains(column)) {
        return "the key column '" + column + "' is empty";
      }
      Optional<Object> value = field == null ? Optional.empty() : types.get(i).parse(field);
      if (field != null && value.isEmpty()) {
        return "column '" + column + "' must be " + types.get(i).expected();
      }
      row.set(i, value.orElse(null));
    }
    return null;
  }

  private Flux<CsvRecord> records() {
    return Flux.generate(
        () -> CsvFile.open(path),
        (file, sink) -> {
          if (file.hasNext()) {
            sink.next(file.next());
          } else {
            sink.complete();
          }
          return file;
        },
        CsvFile::close);
  }

  @Override
  public String place(long position) {
    return "line " + position;
  }

  @Override
  public List<Integer> showpieces() {
    return List.of();
  }
}
