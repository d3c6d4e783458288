package io.batchflow.benchmarks.differential;

import static io.batchflow.benchmarks.differential.ColumnType.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SerialOrderTest {

  private static final ColumnType INTEGER = type("INT", "", Kind.INTEGER, Integer.class);
  private static final End WRITTEN = End.written(null);

  private static Column column(String name, String clauses) {
    return new Column(name, INTEGER, clauses, true, true);
  }

  private static CaseRow row(int key, String column, int value) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("k", key);
    values.put(column, value);
    return new CaseRow(values);
  }

  private static TableCase table(long seed, CaseRow... rows) {
    return new TableCase(
        seed,
        List.of(
            column("k", "NOT NULL"),
            column("once", "UNIQUE"),
            column("positive", "CHECK (positive > 0)")),
        List.of("k"),
        "PRIMARY KEY",
        List.of(),
        new Writing(ConflictStrategy.UPDATE, List.of(), 2, 1, null, false, true, 2),
        List.of(rows));
  }

  /** The first row is merged into the second. Until then, no other row of their key fits. */
  @Test
  void aRowThatDoesNotFitAloneIsMergedBeforeLaterRowsTakeThePlaceOfOthers() throws Exception {
    CaseRow[] rows = {
      row(1, "positive", -1),
      row(1, "positive", 9),
      row(1, "once", 0),
      row(2, "once", 0),
      row(1, "once", 9),
      row(2, "once", 0)
    };
    List<End> ends =
        List.of(WRITTEN, WRITTEN, WRITTEN, End.rejected("not unique"), WRITTEN, WRITTEN);
    List<String> contents =
        List.of("integer 1 | integer 9 | integer 9", "integer 2 | integer 0 | null NULL");
    try (Backend backend = SqliteBackend.open()) {
      for (long seed = 1; seed <= 20; seed++) {
        TableCase table = table(seed, rows);
        backend.flowSite().run(backend.plain().cleanUp(table));
        backend.flowSite().run(table.ddl());

        assertThat(new SerialOrder(backend, table, ends, contents).exists()).isTrue();
        assertThat(new SerialOrder(backend, table, ends, List.of("other")).exists()).isFalse();
      }
    }
  }
}
