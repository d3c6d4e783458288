package io.batchflow.contract;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tables of the contract of dialects, and the access to them. */
abstract class SqlTableContract extends BatchWriterContract {

  private static final Schema ROWS =
      Schema.table("contract_rows").columns("id", "v").conflictKey("id").build();

  private static final Schema REPLACED =
      Schema.table("contract_rows")
          .columns("id", "v")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  private static Schema updated(AbsentStrategy strategy) {
    return Schema.table("contract_rows")
        .columns("id", "v")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE)
        .onAbsent(strategy)
        .build();
  }

  private @Nullable SqlTestDatabase database;

  /** Opens an empty database of its own, with a writer to it. */
  protected abstract SqlTestDatabase openDatabase() throws Exception;

  @Override
  protected final BatchWriter open() throws Exception {
    SqlTestDatabase opened = openDatabase();
    database = opened;
    run("CREATE TABLE contract_rows (id BIGINT PRIMARY KEY, v VARCHAR(20) NOT NULL)");
    run(TableModel.DDL);
    return opened.writer();
  }

  @Override
  protected final Row goodRow(long id) {
    return ROWS.row().set("id", id).set("v", "v" + id);
  }

  @Override
  protected final Row badRow(long id) {
    return ROWS.row().set("id", id).set("v", null);
  }

  @Override
  protected final Row replacingRow(long id) {
    return REPLACED.row().set("id", id).set("v", "v" + id);
  }

  @Override
  protected final Row updatingRow(long id, AbsentStrategy strategy) {
    return updated(strategy).row().set("id", id).set("v", "u" + id);
  }

  @Override
  protected final long storedRows() throws SQLException {
    return (long) read("SELECT COUNT(*) FROM contract_rows").get(0).get(0);
  }

  @Override
  protected final void cleanUp() throws Exception {
    database().close();
  }

  final SqlTestDatabase database() {
    return Objects.requireNonNull(database, "database");
  }

  final void run(String sql) throws SQLException {
    try (Statement statement = database().connection().createStatement()) {
      statement.execute(sql);
    }
  }

  final List<List<@Nullable Object>> read(String query) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (Statement statement = database().connection().createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          Object value = result.getObject(i);
          row.add(value instanceof Number number ? Long.valueOf(number.longValue()) : value);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  final KeyEquality rule(Schema schema) {
    KeyEquality rule = database().writer().keyEquality(schema);
    return rule == null ? KeyEquality.byBackend() : rule;
  }

  static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().map(String::valueOf).sorted().toList();
  }
}
