package io.batchflow.sql.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Batch;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MySqlNumbersTest {

  private static final Schema ITEMS = Schema.table("items").columns("v").build();

  private static CatalogRow column(String name, @Nullable String note, String comparison) {
    return new CatalogRow(
        "shop", true, "items", name, "int", note, note != null, false, "", "plain", comparison);
  }

  /** Returns the statements of rows whose id is asked for. */
  private static List<SqlStatement> statements(int rows, String note) {
    SqlTable table =
        SqlTable.resolve(ITEMS, List.of(column("id", note, "auto"), column("v", null, "exact")));
    List<Row> given = IntStream.range(0, rows).mapToObj(v -> ITEMS.row().set("v", v)).toList();
    Batch batch = Batch.of(given).returning(List.of("id"));
    return SqlStatement.of(Dialects.mysql(), table, batch, most -> most);
  }

  @Test
  void theRowsOfAnInsertAreFoundByTheirNumbers() {
    assertThat(statements(2, "consecutive"))
        .singleElement()
        .satisfies(
            statement -> {
              assertThat(statement.sql()).contains("INSERT INTO `shop`.`items` (`v`) VALUES");
              assertThat(statement.isAtomic()).isFalse();
              assertThat(statement.selectStored())
                  .isEqualTo(
                      "SELECT s.n, t.`id` FROM (SELECT 1 AS n, LAST_INSERT_ID() AS id UNION ALL"
                          + " SELECT 2, LAST_INSERT_ID() + 1 * @@auto_increment_increment) s"
                          + " STRAIGHT_JOIN `shop`.`items` t ON t.`id` = s.id");
            });
    assertThat(statements(1_001, "consecutive")).extracting(SqlStatement::rows).contains(500);
  }

  @Test
  void numbersOfStatementsThatTakeTurnsAreRefused() {
    assertThatThrownBy(() -> statements(2, "int"))
        .isInstanceOf(SqlWriteException.class)
        .hasMessageContaining("only if innodb_autoinc_lock_mode is 0 or 1");
  }
}
