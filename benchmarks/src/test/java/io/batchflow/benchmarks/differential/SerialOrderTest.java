package io.batchflow.benchmarks.differential;

import static io.batchflow.benchmarks.differential.ColumnType.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.AbsentStrategy;
import io.batchflow.ConflictStrategy;
import io.batchflow.RowVerdict;
import java.util.ArrayList;
import java.util.Collections;
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

  private static TableCase table(
      long seed, ConflictStrategy strategy, boolean verdicts, List<CaseRow> rows) {
    return new TableCase(
        seed,
        List.of(
            column("k", "NOT NULL"),
            column("once", "UNIQUE"),
            column("positive", "CHECK (positive > 0)")),
        List.of("k"),
        "PRIMARY KEY",
        List.of(),
        new Writing(strategy, AbsentStrategy.INSERT, List.of(), 2, 1, null, verdicts, true, 2),
        rows);
  }

  /** The first row is merged into the second. Until then, no other row of their key fits. */
  @Test
  void aRowThatDoesNotFitAloneIsMergedBeforeLaterRowsTakeThePlaceOfOthers() throws Exception {
    List<CaseRow> rows =
        List.of(
            row(1, "positive", -1),
            row(1, "positive", 9),
            row(1, "once", 0),
            row(2, "once", 0),
            row(1, "once", 9),
            row(2, "once", 0));
    List<End> ends =
        List.of(WRITTEN, WRITTEN, WRITTEN, End.rejected("not unique"), WRITTEN, WRITTEN);
    List<String> contents =
        List.of("integer 1 | integer 9 | integer 9", "integer 2 | integer 0 | null NULL");
    assertFinds(ConflictStrategy.UPDATE, rows, ends, contents);
  }

  /** Under IGNORE, a row is not rejected any more when a row of its key is stored. */
  @Test
  void aRejectedRowComesBeforeTheRowsOfItsKey() throws Exception {
    List<CaseRow> rows = new ArrayList<>();
    List<End> ends = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    for (int key = 1; key < 9; key++) {
      rows.add(row(key, "positive", 1));
      ends.add(WRITTEN);
      contents.add("integer " + key + " | null NULL | integer 1");
    }
    for (int key = 1; key < 9; key++) {
      rows.add(row(10 + key, "once", key));
      ends.add(WRITTEN);
      contents.add("integer " + (10 + key) + " | integer " + key + " | null NULL");
      rows.add(row(key, "once", key));
      ends.add(End.rejected("not unique"));
    }
    Collections.sort(contents);
    assertFinds(ConflictStrategy.IGNORE, rows, ends, contents);
  }

  /** The last row needs a value that the first row of another key has until it is updated. */
  @Test
  void aRowWaitsForItsKeyOnlyWhereAnExistingKeyEndsRejections() throws Exception {
    List<CaseRow> rows =
        List.of(
            row(1, "once", 1),
            row(2, "once", 4),
            row(1, "once", 4),
            row(1, "once", 12),
            row(2, "once", 12),
            row(8, "once", 1));
    List<End> ends =
        List.of(
            End.written(RowVerdict.INSERTED),
            End.written(RowVerdict.INSERTED),
            End.rejected("not unique"),
            End.written(RowVerdict.UPDATED),
            End.rejected("not unique"),
            End.written(RowVerdict.INSERTED));
    List<String> contents =
        List.of(
            "integer 1 | integer 12 | null NULL",
            "integer 2 | integer 4 | null NULL",
            "integer 8 | integer 1 | null NULL");
    assertFinds(ConflictStrategy.UPDATE, rows, ends, contents);
  }

  private static void assertFinds(
      ConflictStrategy strategy, List<CaseRow> rows, List<End> ends, List<String> contents)
      throws Exception {
    try (Backend backend = SqliteBackend.open()) {
      for (long seed = 1; seed <= 20; seed++) {
        boolean verdicts = ends.stream().anyMatch(end -> end.verdict() != null);
        TableCase table = table(seed, strategy, verdicts, rows);
        backend.flowSite().run(backend.plain().cleanUp(table));
        backend.flowSite().run(table.ddl());

        assertThat(new SerialOrder(backend, table, ends, contents).exists()).isTrue();
        if (seed == 1) {
          assertThat(new SerialOrder(backend, table, ends, List.of("other")).exists()).isFalse();
        }
      }
    }
  }
}
