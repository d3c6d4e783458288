package io.batchflow.examples;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.dialect.SqlText;
import java.util.List;

/** A dialect for HSQLDB. Uses {@code INSERT} and {@code MERGE} of the SQL standard. */
final class HsqlDialect implements SqlDialect {

  private final SqlText text = new SqlText(this);

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
          CAST(NULL AS VARCHAR(9)), CAST(NULL AS VARCHAR(1))
        FROM INFORMATION_SCHEMA.COLUMNS c WHERE UPPER(c.TABLE_NAME) = UPPER(?)""";
  }

  @Override
  public String insert(SqlTable table, List<SqlColumn> present, int rows) {
    return text.insertOrMerge(table, present, text.castValues(present, rows));
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
