package io.batchflow.sql.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SqlTextTest {

  private static final SqlText TEXT = new SqlText(Dialects.sqlite());

  /** A table with the keys (id) and (code), and the column v. */
  private static SqlTable items(ConflictStrategy strategy, String... key) {
    Schema schema =
        Schema.table("items")
            .columns("id", "code", "v")
            .conflictKey(key)
            .onConflict(strategy)
            .build();
    return SqlTable.resolve(
        schema, List.of(column("id", "pk"), column("code", "uk"), column("v", "")));
  }

  private static CatalogRow column(String name, String keys) {
    return new CatalogRow("main", true, "items", name, "INT", null, false, false, keys, null, null);
  }

  private static String upsert(SqlTable table, List<SqlColumn> present) {
    return TEXT.insertOrMerge(table, present, TEXT.values(present, 1));
  }

  @Test
  void parametersAreNumberedThroughAllRows() {
    List<SqlColumn> columns = items(ConflictStrategy.FAIL).columns().subList(0, 2);
    SqlText numbered = new SqlText(Dialects.sqlite(), Placeholder.NUMBERED);

    assertThat(numbered.values(columns, 2)).isEqualTo("VALUES ($1, $2), ($3, $4)");
    assertThat(TEXT.values(columns, 2)).isEqualTo("VALUES (?, ?), (?, ?)");
    assertThat(TEXT.castValues(columns, 2))
        .isEqualTo("VALUES (CAST(? AS INT), CAST(? AS INT)), (CAST(? AS INT), CAST(? AS INT))");
  }

  @Test
  void aPlainInsertMeetsNoKey() {
    SqlTable table = items(ConflictStrategy.FAIL);

    assertThat(upsert(table, table.columns()))
        .isEqualTo("INSERT INTO \"main\".\"items\" (\"id\", \"code\", \"v\") VALUES (?, ?, ?)");
  }

  @Test
  void withoutAConflictKeyEveryUniqueKeyCountsThatTheRowsSet() {
    SqlTable table = items(ConflictStrategy.IGNORE);

    assertThat(upsert(table, table.columns()))
        .contains(" ON t.\"id\" = s.c0 OR t.\"code\" = s.c1 WHEN NOT MATCHED ");
    assertThat(upsert(table, table.columns().subList(1, 3)))
        .contains(" ON t.\"code\" = s.c0 WHEN NOT MATCHED ");
  }

  @ParameterizedTest
  @EnumSource(
      value = ConflictStrategy.class,
      names = {"IGNORE", "UPDATE", "REPLACE"})
  void rowsThatDoNotSetTheirKeyAreInserted(ConflictStrategy strategy) {
    SqlTable table = items(strategy, "id");

    assertThat(upsert(table, table.columns().subList(1, 3))).startsWith("INSERT INTO ");
    assertThat(upsert(table, table.columns())).startsWith("MERGE INTO ");
  }
}
