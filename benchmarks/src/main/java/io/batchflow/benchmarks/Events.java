package io.batchflow.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rows that all ways write. Each is created from its number when it is needed, at the same
 * small cost for each way.
 */
final class Events {

  static final String TABLE = "events";
  static final List<String> COLUMNS = List.of("id", "device_id", "kind", "value", "created_at");

  private static final int DEVICES = 1_000;
  private static final List<String> KINDS =
      List.of("click", "view", "scroll", "purchase", "login", "logout", "search", "share");
  private static final LocalDateTime[] TIMES =
      IntStream.range(0, 3_600)
          .mapToObj(LocalDateTime.of(2026, 1, 31, 12, 0)::plusSeconds)
          .toArray(LocalDateTime[]::new);

  private Events() {}

  static long id(int row) {
    return row;
  }

  static int deviceId(int row) {
    return row % DEVICES;
  }

  static String kind(int row) {
    return KINDS.get(row & 7);
  }

  /** Returns a multiple of a half, so that sums are exact. */
  static double value(int row) {
    return row % 2_000 * 0.5;
  }

  static LocalDateTime createdAt(int row) {
    return TIMES[row % TIMES.length];
  }

  /** Returns the value of a column by its position. */
  static Object value(int row, int column) {
    return switch (column) {
      case 0 -> id(row);
      case 1 -> deviceId(row);
      case 2 -> kind(row);
      case 3 -> value(row);
      default -> createdAt(row);
    };
  }

  /**
   * Returns the statement that creates the table. {@code doubleType} is the database's type name.
   */
  static String createTable(char quote, String doubleType) {
    List<String> types =
        List.of("BIGINT PRIMARY KEY", "INT", "VARCHAR(32)", doubleType, "TIMESTAMP");
    return "CREATE TABLE "
        + TABLE
        + " ("
        + IntStream.range(0, types.size())
            .mapToObj(i -> quote + COLUMNS.get(i) + quote + " " + types.get(i))
            .collect(Collectors.joining(", "))
        + ")";
  }

  /** Returns the quoted names of the columns as a list. */
  static String columns(char quote) {
    return COLUMNS.stream().map(column -> quote + column + quote).collect(Collectors.joining(", "));
  }

  /** Returns an insert of several rows, with a question mark for each value. */
  static String insert(char quote, int rows) {
    String row = "(?" + ", ?".repeat(COLUMNS.size() - 1) + ")";
    return "INSERT INTO "
        + TABLE
        + " ("
        + columns(quote)
        + ") VALUES "
        + row
        + (", " + row).repeat(rows - 1);
  }

  /** Writes rows as text for the shell of a database. */
  static void writeTo(Path file, int rows, char separator) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < COLUMNS.size(); column++) {
          out.append(value(row, column).toString());
          out.append(column == COLUMNS.size() - 1 ? '\n' : separator);
        }
      }
    }
  }
}
