package io.batchflow.sql.dialect;

import io.batchflow.sql.Placeholder;

/** The catalog of PostgreSQL. */
final class PostgresCatalog {

  /**
   * The comparison of a column that no trigger rewrites, and whose values are equal only if they
   * are the same. The name of its collation follows, if it has one.
   */
  static final String EXACT = "exact";

  /** Starts the comparison of a column whose operator is not one of the server's own. */
  static final String OPERATOR = "OPERATOR(";

  /**
   * Finds a row trigger before the insert of a table: bits 1 for row, 2 for before, 4 for insert.
   * It may fill a column that is left out, and replace a key.
   */
  static final String TRIGGER_BEFORE_INSERT =
      "EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g"
          + " WHERE g.tgrelid %s AND NOT g.tgisinternal AND g.tgtype & 7 = 7)";

  private static final String TABLE_OR_PARTITION =
      "IN (SELECT c.oid UNION SELECT p.relid FROM pg_catalog.pg_partition_tree(c.oid) p)";

  private static final String QUERY =
      """
      SELECT n.nspname::text, pg_catalog.pg_table_is_visible(c.oid), c.relname::text,
        a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod),
        pg_catalog.format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, -1),
        a.attgenerated <> '' OR a.attidentity <> ''
          OR COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false),
        a.attnotnull AND d.oid IS NULL AND a.attidentity = '' AND t.typdefault IS NULL
          AND NOT {trigger},
        COALESCE((SELECT string_agg(CASE WHEN i.indimmediate AND i.indisvalid
            THEN CASE WHEN i.indisprimary THEN '*' ELSE i.indexrelid::text END ELSE '!index ' || i.indexrelid::regclass::text || ' is '
            || CASE WHEN i.indisvalid THEN 'DEFERRABLE' ELSE 'INVALID' END END, chr(10))
          FROM pg_catalog.pg_index i
          WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL
          AND i.indexprs IS NULL AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])),
          ''),
        CASE WHEN c.relrowsecurity THEN 'secured' WHEN c.relkind = 'v' THEN 'view'
          WHEN c.relkind = 'f' THEN 'foreign' WHEN c.relhasrules THEN 'ruled'
          WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal
            AND g.tgrelid {table}) THEN 'triggered'
          WHEN c.relkind = 'r' THEN 'plain' ELSE 'partitioned' END,
        CASE WHEN {trigger} THEN 'rewritten'
          ELSE COALESCE((SELECT 'OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')'
              FROM pg_catalog.pg_opclass k
              JOIN pg_catalog.pg_amop m ON m.amopfamily = k.opcfamily AND m.amopstrategy = 3
                AND m.amoplefttype = k.opcintype AND m.amoprighttype = k.opcintype
              JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr
              JOIN pg_catalog.pg_namespace s ON s.oid = o.oprnamespace
              WHERE k.opcdefault AND k.opcintype = CASE t.typtype WHEN 'd' THEN t.typbasetype
                ELSE t.oid END AND s.nspname <> 'pg_catalog'
              AND k.opcmethod = (SELECT b.oid FROM pg_catalog.pg_am b WHERE b.amname = 'btree')),
          CASE WHEN NOT l.collisdeterministic THEN {collation}
          WHEN NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_collation o ON o.oid = ANY (i.indcollation::oid[])
            WHERE i.indrelid = c.oid AND i.indisunique AND NOT o.collisdeterministic)
          THEN 'exact' || COALESCE(' ' || {collation}, '') END) END
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
      LEFT JOIN pg_catalog.pg_namespace s ON s.oid = l.collnamespace
      WHERE lower(c.relname::text) = lower({name}) AND c.relkind IN ('r', 'p', 'v', 'f')
        AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY n.nspname, c.relname, a.attnum""";

  private PostgresCatalog() {}

  static String query(Placeholder placeholder) {
    return QUERY
        .replace("{trigger}", TRIGGER_BEFORE_INSERT.formatted(TABLE_OR_PARTITION))
        .replace("{table}", TABLE_OR_PARTITION)
        .replace("{collation}", "quote_ident(s.nspname) || '.' || quote_ident(l.collname)")
        .replace("{name}", placeholder.at(0));
  }
}
