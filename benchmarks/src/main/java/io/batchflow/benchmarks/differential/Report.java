package io.batchflow.benchmarks.differential;

import io.batchflow.AbsentStrategy;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a difference: the table, the rows, and both results. */
final class Report {

  private Report() {}

  static String of(String backend, Difference difference) {
    TableCase table = difference.table();
    Writing writing = table.writing();
    List<String> lines = new ArrayList<>();
    lines.add("DIFFERENCE on " + backend + ", --seed " + table.seed() + " --tables 1");
    lines.add("  " + difference.problem());
    table.ddl().forEach(sql -> lines.add("  " + sql + ";"));
    lines.add(
        "  columns "
            + table.written()
            + ", key "
            + table.key()
            + ", "
            + writing.strategy()
            + (writing.onAbsent() == AbsentStrategy.INSERT ? "" : ", absent " + writing.onAbsent())
            + (writing.updateColumns().isEmpty() ? "" : " of " + writing.updateColumns())
            + ", maxSize "
            + writing.maxSize()
            + ", concurrency "
            + writing.concurrency()
            + (writing.ordering() == null ? "" : ", " + writing.ordering())
            + (writing.verdicts() ? ", rowVerdicts" : "")
            + (writing.stream() ? ", submitAll" : ", submit")
            + ", maxDelay "
            + writing.maxDelayMillis()
            + " ms");
    for (int row = 0; row < table.rows().size(); row++) {
      lines.add("  row " + row + ": " + of(table.rows().get(row)));
      if (row < difference.got().size()) {
        lines.add("    alone:   " + difference.expected().get(row));
        lines.add("    by flow: " + difference.got().get(row));
      }
    }
    lines.add("  columns read " + Plain.contentColumns(table));
    lines.add("  table alone:   " + difference.expectedTable());
    lines.add("  table by flow: " + difference.gotTable());
    return String.join(System.lineSeparator(), lines);
  }

  private static String of(CaseRow row) {
    List<String> values = new ArrayList<>();
    if (row.deletes()) {
      values.add("delete");
    }
    row.values().forEach((column, value) -> values.add(column + " = " + literal(value)));
    return String.join(", ", values);
  }

  private static String literal(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String type = value.getClass().getSimpleName();
    if (value instanceof byte[] bytes) {
      return type + " 0x" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      return type + " of " + buffer.remaining();
    }
    if (value.getClass().isArray()) {
      List<String> elements = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        elements.add(String.valueOf(Array.get(value, i)));
      }
      return type + " " + elements;
    }
    return value instanceof CharSequence || value instanceof Character
        ? type + " \"" + escaped(value.toString()) + "\""
        : type + " " + value;
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (c < ' ' || c > '~') {
                escaped.append(String.format(java.util.Locale.ROOT, "\\u%04x", c));
              } else {
                escaped.append((char) c);
              }
            });
    return escaped.length() > 80
        ? escaped.substring(0, 80) + "…" + text.length()
        : escaped.toString();
  }
}
