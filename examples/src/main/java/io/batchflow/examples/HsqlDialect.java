package io.batchflow.examples;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A dialect for HSQLDB. Uses {@code INSERT} and {@code MERGE} of the SQL standard. */
final class HsqlDialect implements SqlDialect {

  @Override
  public String product() {
    return "HSQL Database Engine";
  }

  @Override
  public String catalogQuery() {
    return """
    SELECT c.TABLE_SCHEMA, c.TABLE_SCHEMA = CURRENT_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME,
      c.DTD_IDENTIFIER, CASE WHEN c.DATA_TYPE LIKE 'CHARACTER%' THEN 'LONGVARCHAR' END,
      c.IS_IDENTITY = 'YES' OR c.IS_GENERATED = 'ALWAYS',
      c.IS_NULLABLE = 'NO' AND c.COLUMN_DEFAULT IS NULL AND c.IS_IDENTITY = 'NO',
      COALESCE((SELECT GROUP_CONCAT(k.CONSTRAINT_NAME SEPARATOR U&'\\000A')
        FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE k
        WHERE k.TABLE_SCHEMA = c.TABLE_SCHEMA AND k.TABLE_NAME = c.TABLE_NAME
        AND k.COLUMN_NAME = c.COLUMN_NAME AND k.POSITION_IN_UNIQUE_CONSTRAINT IS NULL), ''),
      CAST(NULL AS VARCHAR(9)),
      CAST(NULL AS VARCHAR(1))
    FROM INFORMATION_SCHEMA.COLUMNS c WHERE UPPER(c.TABLE_NAME) = UPPER(?)\
    """;
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    String target = table.path().stream().map(this::quote).collect(Collectors.joining("."));
    String columns = list(", ", present, this::name);
    String row = "(" + list(", ", present, c -> "CAST(? AS " + c.castType() + ")") + ")";
    String values = "VALUES " + row + (", " + row).repeat(rows - 1);
    List<SqlColumn> key = table.conflictKey();
    if (key.isEmpty() && !table.uniqueKeys().isEmpty()) {
      key = table.uniqueKeys().get(0);
    }
    if (table.schema().onConflict() == ConflictStrategy.FAIL || key.isEmpty()) {
      return "INSERT INTO %s (%s) %s".formatted(target, columns, values);
    }
    Function<SqlColumn, String> value = c -> present.contains(c) ? "s." + name(c) : "DEFAULT";
    List<SqlColumn> assigned = table.overwritten(present);
    String update = list(", ", assigned, c -> name(c) + " = " + value.apply(c));
    return """
    MERGE INTO %s t USING (%s) s (%s) ON %s %s
    WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)\
    """
        .formatted(
            target,
            values,
            columns,
            list(" AND ", key, c -> "t." + name(c) + " = s." + name(c)),
            update.isEmpty() ? "" : "WHEN MATCHED THEN UPDATE SET " + update,
            columns,
            list(", ", present, value));
  }

  private String name(SqlColumn column) {
    return quote(column.name());
  }

  private static String list(String by, List<SqlColumn> all, Function<SqlColumn, String> each) {
    return all.stream().map(each).collect(Collectors.joining(by));
  }

  @Override
  public int maxParameters() {
    return 5_000;
  }

  /** A MERGE does not see its own rows. Without a conflict key, each row gets its own statement. */
  @Override
  public int maxRows(SqlTable table, List<SqlColumn> present) {
    return table.schema().conflictKey().isEmpty() ? 1 : SqlDialect.super.maxRows(table, present);
  }
}
