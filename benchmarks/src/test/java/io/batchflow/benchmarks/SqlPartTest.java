package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SqlPartTest {

  private static final Scale SMALL = new Scale(1_000, 100, 1_000, 500, 100, 0, 1);

  private static final StringWriter SQL = new StringWriter();
  private static List<Figure> sqlFigures = List.of();

  private final StringWriter table = new StringWriter();
  private final PrintWriter out = new PrintWriter(table);

  @BeforeAll
  static void runOnce() {
    sqlFigures = new SqlPart(SMALL).run(true, new PrintWriter(SQL, true));
  }

  @Test
  void everyWayWritesTheRowsOnEveryDatabase() {
    assertThat(sqlFigures.stream().map(Figure::line))
        .map(line -> line.replaceAll("RESULT bench=sql contest=(\\S+) way=(\\S+) .*", "$1 $2"))
        .contains(
            "PostgreSQL_UPDATE flow",
            "PostgreSQL_UPDATE unnest_by_hand",
            "PostgreSQL_UPDATE jdbc_rewritten_batches",
            "PostgreSQL_UPDATE insert_a_row_10_connections",
            "PostgreSQL_UPDATE flow_in_order_by_key",
            "PostgreSQL_IGNORE flow",
            "PostgreSQL_IGNORE unnest_by_hand",
            "PostgreSQL_IGNORE jdbc_rewritten_batches",
            "PostgreSQL_IGNORE insert_a_row_10_connections",
            "PostgreSQL_IGNORE flow_in_order_by_key",
            "PostgreSQL_FAIL flow",
            "PostgreSQL_FAIL binary_copy_by_hand",
            "MariaDB_r2dbc-mariadb flow",
            "MariaDB_r2dbc-mariadb multi_row_values_by_hand",
            "MariaDB_r2dbc-mariadb statement_add_",
            "MariaDB_r2dbc-mysql flow",
            "MariaDB_r2dbc-mysql multi_row_values_by_hand",
            "MariaDB_r2dbc-mysql statement_add_",
            "SQLite flow",
            "SQLite multi_row_values_by_hand_jdbc",
            "H2_in_memory flow",
            "H2_in_memory multi_row_values_by_hand");
  }

  @Test
  void aPeerWithAShellIsMeasuredOrReportedAsLeftOut() {
    assertThat(SQL.toString())
        .containsPattern(
            Shell.find("psql").isPresent()
                ? "psql .copy +[0-9,]+ .* (PASS|MISS)"
                : "psql .copy +left out: psql is not on the PATH")
        .containsPattern(
            Shell.find("sqlite3").isPresent()
                ? "sqlite3 .import +[0-9,]+ .* (PASS|MISS)"
                : "sqlite3 .import +left out: sqlite3 is not on the PATH");
  }

  @Test
  void theHeapIsSampledWhileRowsPass() {
    List<Figure> figures = new SqlMemoryPart(10_000).run(false, out);

    assertThat(table.toString()).contains(" 1,000 ", "10,000 ").hasLineCount(11);
    assertThat(figures).singleElement().extracting(Figure::line).asString().contains(" growth=");
  }

  @Test
  void aWrongTableFailsTheRun() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
      EventsTable events =
          new EventsTable(connection, '"', "DOUBLE PRECISION", List.of("TRUNCATE TABLE events"));
      Way lossy = Way.flow(10, rows -> {});

      assertThatIllegalStateException()
          .isThrownBy(() -> new Contest("sql", SMALL, out).run("lossy", "", events, List.of(lossy)))
          .withMessageContaining("should hold [10.0, 45.0, 45.0, 22.5]");
    }
  }

  @Test
  void aPeerThatIsTooFastIsAMiss() {
    Figure kept = new Figure("fake").atLeast("flow_ratio", 0.85, 0.85);
    Figure missed = new Figure("fake").atLeast("flow_ratio", 0.84, 0.85);

    assertThat(kept.isKept()).isTrue();
    assertThat(missed.isKept()).isFalse();
    assertThat(missed.line()).contains("flow_ratio=0.84 flow_ratio_bound=0.85 kept=false");
  }

  @Test
  void anAuditIsComparedWithNone() {
    assertThat(new AuditPart(SMALL).run(true, out))
        .extracting(Figure::line)
        .map(line -> line.replaceAll("RESULT bench=audit contest=(\\S+) way=(\\S+) .*", "$1 $2"))
        .containsExactly(
            "PostgreSQL with_an_audit",
            "PostgreSQL without",
            "H2_in_memory with_an_audit",
            "H2_in_memory without");
    assertThat(table.toString()).containsPattern("without .*\\(at least 0.95\\)");
  }
}
