package io.batchflow.sql.dialect;

/** The catalog of SQLite. */
final class SqliteCatalog {

  /** The comparison of a column that all unique keys compare byte by byte. */
  static final String EXACT = "exact";

  /** The database generates a row id: an INTEGER column that is the whole primary key. */
  static final String QUERY =
      """
      WITH col AS (
        SELECT t.schema, t.name AS tab, t.type AS kind, c.*, c.pk = 1 AND upper(c.type) = 'INTEGER'
          AND NOT EXISTS (
            SELECT 1 FROM pragma_table_info(t.name, t.schema) o WHERE o.pk > 1) AS row_id
        FROM pragma_table_list t JOIN pragma_table_xinfo(t.name, t.schema) c
        WHERE lower(t.name) = lower(?))
      SELECT schema, schema = 'main', tab, name, type, NULL, hidden > 0 OR row_id,
        "notnull" AND dflt_value IS NULL AND hidden = 0 AND NOT row_id,
        iif(row_id, '*' || char(10), '') || coalesce((
          SELECT group_concat(iif(i.origin = 'pk', '*', i.name), char(10)) FROM pragma_index_list(col.tab, col.schema) i
          WHERE i."unique" AND NOT i.partial
          AND col.name IN (SELECT k.name FROM pragma_index_info(i.name, col.schema) k)
          AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name, col.schema) k WHERE k.cid < 0)), ''),
        CASE WHEN schema <> 'main' THEN 'resolving, other'
          ELSE iif(EXISTS (SELECT 1 FROM sqlite_schema d WHERE d.type = 'table' AND d.name = tab
            AND d.sql LIKE '%conflict%'), 'resolving, ', '')
          || iif(kind <> 'table' OR EXISTS (SELECT 1 FROM sqlite_schema g
            WHERE g.type = 'trigger' AND g.tbl_name = tab COLLATE NOCASE), 'other', 'plain') END,
        iif(EXISTS (SELECT 1 FROM pragma_index_list(col.tab, col.schema) i
          JOIN pragma_index_xinfo(i.name, col.schema) k
          WHERE i."unique" AND k.name = col.name AND k.coll <> 'BINARY'), NULL, 'exact')
      FROM col""";

  private SqliteCatalog() {}
}
