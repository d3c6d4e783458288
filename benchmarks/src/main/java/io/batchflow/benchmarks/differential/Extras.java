package io.batchflow.benchmarks.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Extras with the same SQL in all databases. */
final class Extras {

  /** Which rows a partial key contains. */
  static final String PARTIAL = TableCase.PART + " = 0";

  private static final String MARK = TableCase.MARK;

  private Extras() {}

  static @Nullable Extra of(
      Feature feature, List<Column> columns, ColumnType integer, SplittableRandom random) {
    return switch (feature) {
      case CHECK -> check(columns, random);
      case SECOND_KEY -> secondKey(columns);
      case FOREIGN_KEY -> foreignKey(columns, integer);
      case PARTIAL_KEY -> partialKey(columns);
      default -> null;
    };
  }

  static boolean hasMark(List<Column> columns) {
    return columns.stream().anyMatch(column -> column.name().equals(MARK));
  }

  /** Returns a column of a kind, other than the key and the mark. */
  static @Nullable Column free(List<Column> columns, Kind kind) {
    return columns.stream()
        .filter(column -> column.name().startsWith("c") && column.type().kind() == kind)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Extra check(List<Column> columns, SplittableRandom random) {
    Column number = free(columns, Kind.DECIMAL);
    if (number != null && random.nextBoolean()) {
      return Extra.constraint("CHECK (" + number.name() + " < 5)", number.name());
    }
    return hasMark(columns) ? Extra.constraint("CHECK (" + MARK + " % 7 <> 3)", MARK) : null;
  }

  private static @Nullable Extra secondKey(List<Column> columns) {
    return columns.stream()
        .filter(column -> column.name().startsWith("c") && column.type().key())
        .findFirst()
        .map(column -> Extra.constraint("UNIQUE (" + column.name() + ")", column.name()))
        .orElse(null);
  }

  private static @Nullable Extra partialKey(List<Column> columns) {
    List<String> names = columns.stream().map(Column::name).toList();
    if (!names.contains(TableCase.PART)) {
      return null;
    }
    List<String> key = names.stream().filter(name -> name.startsWith("k")).toList();
    List<String> needed = new ArrayList<>(key);
    needed.add(TableCase.PART);
    return Extra.after(
        List.of("CREATE UNIQUE INDEX part ON t (" + String.join(", ", key) + ") WHERE " + PARTIAL),
        needed.toArray(String[]::new));
  }

  private static @Nullable Extra foreignKey(List<Column> columns, ColumnType integer) {
    return columns.stream()
        .filter(column -> column.name().startsWith("c") && column.type().equals(integer))
        .findFirst()
        .map(
            column ->
                new Extra(
                    List.of(column.name()),
                    List.of(
                        "CREATE TABLE parent (id " + integer.sql() + " PRIMARY KEY)",
                        "INSERT INTO parent VALUES (1), (2), (3), (4), (5), (7)"),
                    "FOREIGN KEY (" + column.name() + ") REFERENCES parent (id)",
                    List.of()))
        .orElse(null);
  }
}
