package io.batchflow.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** Loads CSV files from a temporary directory. */
abstract class CsvLoadFixture {

  @TempDir Path directory = Path.of("");

  Run load(Database database, String csv, String... options) {
    List<String> arguments = new ArrayList<>(List.of("--table=t"));
    arguments.addAll(List.of(options));
    return load(database, write(csv), arguments.toArray(new String[0]));
  }

  static Run load(Database database, Path file, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("--db", database.url(), "--input", file.toString()));
    arguments.addAll(List.of(options));
    return Run.load(arguments.toArray(new String[0]));
  }

  Path write(String csv) {
    try {
      return Files.writeString(directory.resolve("data.csv"), csv, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static List<@Nullable String> row(@Nullable String... cells) {
    return Arrays.asList(cells);
  }
}
