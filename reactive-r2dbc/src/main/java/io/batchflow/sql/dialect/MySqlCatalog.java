package io.batchflow.sql.dialect;

/**
 * The catalog of MySQL and MariaDB.
 *
 * <p>MariaDB opens every table that a query of {@code information_schema} may need. It skips a
 * table by its name alone only where the name is compared with a constant. So each source compares
 * its own names with the wanted one, and none is a subquery for each column.
 *
 * <p>The server compares the names in {@code information_schema} without regard to case, although
 * {@code t} and {@code T} may be two tables. The joins compare them as bytes.
 */
final class MySqlCatalog {

  static final String QUERY =
      """
      WITH wanted AS (SELECT LOWER(?) AS NAME)
      SELECT c.TABLE_SCHEMA, c.TABLE_SCHEMA = DATABASE(), c.TABLE_NAME, c.COLUMN_NAME,
        c.COLUMN_TYPE,
        CASE WHEN c.DATA_TYPE = 'timestamp' AND IF(@@session.time_zone = 'SYSTEM',
          @@system_time_zone, @@session.time_zone) NOT IN ('UTC', '+00:00', 'Etc/UTC')
          THEN 'timestamp in local time'
          WHEN c.EXTRA LIKE '%auto_increment%' AND t.ENGINE = 'InnoDB'
            AND @@innodb_autoinc_lock_mode < 2 THEN 'consecutive' END,
        c.EXTRA LIKE '%auto_increment%' OR COALESCE(c.GENERATION_EXPRESSION, '') <> '',
        c.IS_NULLABLE = 'NO' AND c.COLUMN_DEFAULT IS NULL AND c.EXTRA = ''
          AND c.DATA_TYPE <> 'enum' AND COALESCE(g.BEFORE_INSERT, 0) = 0,
        COALESCE(k.KEY_NAMES, ''),
        CASE WHEN t.ENGINE IS NULL THEN 'view'
          WHEN COALESCE(e.TRANSACTIONS, 'NO') <> 'YES' THEN CONCAT('engine ', t.ENGINE)
          WHEN g.BEFORE_INSERT IS NOT NULL THEN 'triggered'
          ELSE 'plain' END,
        CASE WHEN g.BEFORE_INSERT = 1 THEN 'rewritten'
          WHEN c.EXTRA LIKE '%auto_increment%'
            AND @@session.sql_mode NOT LIKE '%NO_AUTO_VALUE_ON_ZERO%' THEN 'auto'
          ELSE COALESCE(c.COLLATION_NAME, 'exact') END
      FROM information_schema.COLUMNS c
      JOIN information_schema.TABLES t
        ON CAST(t.TABLE_SCHEMA AS BINARY) = CAST(c.TABLE_SCHEMA AS BINARY)
        AND CAST(t.TABLE_NAME AS BINARY) = CAST(c.TABLE_NAME AS BINARY)
        AND LOWER(t.TABLE_NAME) = (SELECT w.NAME FROM wanted w)
      LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
      LEFT JOIN (SELECT CAST(EVENT_OBJECT_SCHEMA AS BINARY) AS IN_SCHEMA,
          CAST(EVENT_OBJECT_TABLE AS BINARY) AS IN_TABLE,
          MAX(ACTION_TIMING = 'BEFORE' AND EVENT_MANIPULATION = 'INSERT') AS BEFORE_INSERT
        FROM information_schema.TRIGGERS
        WHERE LOWER(EVENT_OBJECT_TABLE) = (SELECT w.NAME FROM wanted w)
        GROUP BY IN_SCHEMA, IN_TABLE) g
        ON g.IN_SCHEMA = CAST(c.TABLE_SCHEMA AS BINARY)
        AND g.IN_TABLE = CAST(c.TABLE_NAME AS BINARY)
      LEFT JOIN (SELECT IN_SCHEMA, IN_TABLE, COLUMN_NAME,
          GROUP_CONCAT(IF(INDEX_NAME = 'PRIMARY', '*', INDEX_NAME) SEPARATOR '\\n') AS KEY_NAMES
        FROM (SELECT CAST(TABLE_SCHEMA AS BINARY) AS IN_SCHEMA,
            CAST(TABLE_NAME AS BINARY) AS IN_TABLE, COLUMN_NAME, INDEX_NAME,
            MAX(SUB_PART IS NOT NULL OR COLUMN_NAME IS NULL) OVER (PARTITION BY
              CAST(TABLE_SCHEMA AS BINARY), CAST(TABLE_NAME AS BINARY), INDEX_NAME) AS IS_PARTIAL
          FROM information_schema.STATISTICS
          WHERE LOWER(TABLE_NAME) = (SELECT w.NAME FROM wanted w) AND NON_UNIQUE = 0) s
        WHERE IS_PARTIAL = 0 GROUP BY IN_SCHEMA, IN_TABLE, COLUMN_NAME) k
        ON k.IN_SCHEMA = CAST(c.TABLE_SCHEMA AS BINARY)
        AND k.IN_TABLE = CAST(c.TABLE_NAME AS BINARY)
        AND k.COLUMN_NAME = c.COLUMN_NAME
      WHERE LOWER(c.TABLE_NAME) = (SELECT w.NAME FROM wanted w)
      ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION""";

  private MySqlCatalog() {}
}
