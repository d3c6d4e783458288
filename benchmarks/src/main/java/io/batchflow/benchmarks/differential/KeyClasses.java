package io.batchflow.benchmarks.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds which rows have the same key. Asks the database, by an upsert of each key into a table that
 * has only the key.
 */
final class KeyClasses {

  private KeyClasses() {}

  /** Returns a number for each row, the same for rows with the same key. */
  static List<Integer> of(Backend backend, TableCase table) {
    TableCase keys = keysOnly(backend, table);
    Site site = backend.plainSite();
    site.run(backend.plain().cleanUp(keys));
    site.run(keys.ddl());
    PlainRun run = new PlainRun(backend, keys);
    List<Integer> classes = new ArrayList<>();
    Map<Integer, Integer> classOfMark = new HashMap<>();
    for (int row = 0; row < keys.rows().size(); row++) {
      run.write(keys.rows().get(row));
      Set<Integer> marks = marks(site);
      Set<Integer> gone = new HashSet<>(classOfMark.keySet());
      gone.removeAll(marks);
      int found = row;
      for (int mark : gone) {
        found = classOfMark.getOrDefault(mark, row);
        classOfMark.remove(mark);
      }
      if (marks.contains(row)) {
        classOfMark.put(row, found);
      }
      classes.add(found);
    }
    return classes;
  }

  private static Set<Integer> marks(Site site) {
    Set<Integer> marks = new HashSet<>();
    site.query("SELECT " + TableCase.MARK + " FROM " + TableCase.TABLE, 1)
        .forEach(row -> marks.add(Integer.valueOf(row.get(0))));
    return marks;
  }

  private static TableCase keysOnly(Backend backend, TableCase table) {
    List<Column> columns = new ArrayList<>();
    List<String> names = new ArrayList<>(table.key());
    if (table.isPartial()) {
      names.add(TableCase.PART);
    }
    names.forEach(name -> columns.add(table.column(name)));
    columns.add(new Column(TableCase.MARK, backend.markType(), "", true, true));
    List<CaseRow> rows = new ArrayList<>();
    for (CaseRow row : table.rows()) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      for (String name : names) {
        if (row.sets(name)) {
          values.put(name, row.value(name));
        }
      }
      values.put(TableCase.MARK, rows.size());
      rows.add(new CaseRow(values));
    }
    return new TableCase(
        table.seed(),
        columns,
        table.key(),
        table.keyClause(),
        table.extras().stream().filter(extra -> names.containsAll(extra.columns())).toList(),
        Writing.ofHeldRows(),
        rows);
  }
}
