package io.batchflow.examples.tool;

import io.batchflow.examples.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Prints results for people or for programs. Values are texts, numbers, booleans, maps or null. */
final class Output {

  /** How results are printed. */
  enum Format {
    TABLE,
    JSON
  }

  /** Properties of tables have at most so many characters. */
  private static final int MAX_WIDTH = 1_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Mixin final Help help = new Help();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--output",
      defaultValue = "table",
      paramLabel = "FORMAT",
      description = "table for people, or json for programs. Default: ${DEFAULT-VALUE}")
  private Format format = Format.TABLE;

  /** Prints fields, one a line. */
  void record(Map<String, ? extends @Nullable Object> fields) {
    if (format == Format.JSON) {
      pretty(fields);
      return;
    }
    List<List<@Nullable Object>> lines = new ArrayList<>();
    flat(fields).forEach((key, value) -> lines.add(cells(List.of(key), value)));
    table(List.of("field", "value"), lines);
  }

  private static List<@Nullable Object> cells(List<String> first, @Nullable Object last) {
    List<@Nullable Object> cells = new ArrayList<>(first);
    cells.add(Objects.toString(last, ""));
    return cells;
  }

  /** Prints rows of the same fields. In JSON they are the field of the given name. */
  void rows(String name, List<? extends Map<String, ? extends @Nullable Object>> rows) {
    if (format == Format.JSON) {
      pretty(Map.of(name, rows));
    } else {
      table(rows);
    }
  }

  /** Prints rows that are followed by others: as a table, or each as one line of JSON. */
  void next(List<? extends Map<String, ? extends @Nullable Object>> rows) {
    if (format == Format.JSON) {
      rows.forEach(row -> out().println(JSON.writeValueAsString(row)));
    } else {
      table(rows);
      out().println();
    }
    out().flush();
  }

  /** Tells people something that is no result. */
  void note(String line) {
    PrintWriter err = spec().commandLine().getErr();
    err.println(line);
    err.flush();
  }

  private void table(List<? extends Map<String, ? extends @Nullable Object>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<String> header = List.copyOf(rows.get(0).keySet());
    table(
        header,
        rows.stream()
            .map(
                row -> {
                  List<@Nullable Object> cells = new ArrayList<>();
                  header.forEach(column -> cells.add(row.get(column)));
                  return cells;
                })
            .collect(Collectors.toList()));
  }

  private void table(List<String> header, List<List<@Nullable Object>> rows) {
    new TextTable(header, rows, MAX_WIDTH).lines().forEach(out()::println);
    out().flush();
  }

  private void pretty(Map<String, ? extends @Nullable Object> fields) {
    out().println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields));
    out().flush();
  }

  private static Map<String, @Nullable Object> flat(
      Map<String, ? extends @Nullable Object> fields) {
    Map<String, @Nullable Object> flat = new LinkedHashMap<>();
    fields.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            inner.forEach((innerKey, innerValue) -> flat.put(key + "." + innerKey, innerValue));
          } else {
            flat.put(key, value);
          }
        });
    return flat;
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(command);
  }
}
