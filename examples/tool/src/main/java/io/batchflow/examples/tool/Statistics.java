package io.batchflow.examples.tool;

import io.batchflow.catalog.TableInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads statistics of tables, and remembers those that the database does not have. Blocks. */
final class Statistics {

  /** The property of a table that names its time column, as for a retention. */
  private static final String TIME_COLUMN = "time_column";

  private final Session session;
  private final TableFacts facts;
  private final List<String> missing = new ArrayList<>();

  Statistics(Session session) {
    this.session = session;
    this.facts = session.facts();
  }

  /** Returns all statistics of a table. */
  Map<String, @Nullable Object> of(TableInfo table) {
    Map<String, @Nullable Object> line = line(table, "status", table.status().name());
    line.put("record_count", null);
    line.put("size_bytes", null);
    line.put("oldest_record", null);
    line.put("newest_record", null);
    ifFound(
        table,
        (name, settings) -> {
          line.put("record_count", session.get(facts.count(name)));
          line.put("size_bytes", session.get(facts.size(name)));
          String column = settings.get(TIME_COLUMN);
          TableFacts.Span span = column == null ? null : facts.span(name, column).block();
          if (span != null) {
            line.put("oldest_record", Objects.toString(span.oldest(), null));
            line.put("newest_record", Objects.toString(span.newest(), null));
          }
        });
    return line;
  }

  /** Counts the rows of a table. */
  Map<String, @Nullable Object> count(TableInfo table) {
    Map<String, @Nullable Object> line = line(table, "record_count", null);
    ifFound(table, (name, settings) -> line.put("record_count", session.get(facts.count(name))));
    return line;
  }

  /** Returns the bytes of a table. */
  Map<String, @Nullable Object> size(TableInfo table) {
    Map<String, @Nullable Object> line = line(table, "size_bytes", null);
    ifFound(table, (name, settings) -> line.put("size_bytes", session.get(facts.size(name))));
    return line;
  }

  /** Returns about how many rows a table has, and its counted writes. */
  TableFacts.@Nullable Activity activity(TableInfo table) {
    return facts.find(table.name()).flatMap(facts::activity).block();
  }

  private static Map<String, @Nullable Object> line(
      TableInfo table, String key, @Nullable Object value) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("name", table.name());
    line.put(key, value);
    return line;
  }

  private void ifFound(TableInfo table, BiConsumer<String, Map<String, String>> work) {
    String name = facts.find(table.name()).block();
    if (name == null) {
      missing.add(table.name());
    } else {
      work.accept(name, table.settings().withDefaults(session.catalog().defaults()).properties());
    }
  }

  /** Tells which tables are missing. Returns 1 if there are some, else 0. */
  int exitCode(Output output) {
    if (missing.isEmpty()) {
      return 0;
    }
    output.note(
        "Not in the database: "
            + String.join(", ", missing)
            + ". Create them with 'batchflow table create --if-not-exists --column …', or drop them"
            + " from the catalog.");
    return Failure.PARTIAL;
  }
}
