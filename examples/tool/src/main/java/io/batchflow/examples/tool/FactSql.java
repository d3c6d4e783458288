package io.batchflow.examples.tool;

/**
 * The statements of {@link TableFacts} in each database.
 *
 * @param tables finds names of tables by one, without regard to case
 * @param columns finds names of columns by a table and a name
 * @param size returns the bytes of a table
 * @param activity returns about how many rows there are, and how many writes there were, if known
 */
record FactSql(String tables, String columns, String size, String activity) {

  /** The partitions of a table, and the table itself. */
  private static final String PARTS =
      """
       (SELECT CAST(relid AS oid) FROM pg_partition_tree(CAST(quote_ident($1) AS regclass))
      UNION SELECT CAST(CAST(quote_ident($1) AS regclass) AS oid)) AS parts (relid)\
      """;

  private static final FactSql POSTGRES =
      new FactSql(
          named("table_schema = ANY (current_schemas(false))", "$1"),
          column("table_schema = ANY (current_schemas(false))", "$1", "$2"),
          """
          SELECT CAST(COALESCE(SUM(pg_total_relation_size(relid)), 0) AS bigint)
          FROM\
          """
              + PARTS,
          """
          SELECT CAST(COALESCE(SUM(n_live_tup), 0) AS bigint),
          CAST(COALESCE(SUM(n_tup_ins + n_tup_upd + n_tup_del), 0) AS bigint)
          FROM\
          """
              + PARTS
              + " JOIN pg_stat_user_tables s USING (relid)");

  private static final FactSql MYSQL =
      new FactSql(
          named("table_schema = DATABASE()", "?"),
          column("table_schema = DATABASE()", "?", "?"),
          """
          SELECT COALESCE(data_length + index_length, 0) FROM information_schema.tables
          WHERE table_schema = DATABASE() AND table_name = ?\
          """,
          """
          SELECT COALESCE(table_rows, 0), NULL FROM information_schema.tables
          WHERE table_schema = DATABASE() AND table_name = ?\
          """);

  private static final FactSql H2 =
      new FactSql(
          named("table_schema = CURRENT_SCHEMA", "?"),
          column("table_schema = CURRENT_SCHEMA", "?", "?"),
          "SELECT DISK_SPACE_USED('\"' || REPLACE(?, '\"', '\"\"') || '\"')",
          """
          SELECT row_count_estimate, NULL FROM information_schema.tables
          WHERE table_schema = CURRENT_SCHEMA AND table_name = ?\
          """);

  static FactSql of(String product) {
    return switch (product) {
      case "PostgreSQL" -> POSTGRES;
      case "MySQL", "MariaDB" -> MYSQL;
      default -> H2;
    };
  }

  private static String named(String current, String name) {
    return """
    SELECT table_name FROM information_schema.tables
    WHERE %s AND lower(table_name) = lower(%s)\
    """
        .formatted(current, name);
  }

  private static String column(String current, String table, String name) {
    return """
    SELECT column_name FROM information_schema.columns
    WHERE %s AND table_name = %s AND lower(column_name) = lower(%s)\
    """
        .formatted(current, table, name);
  }
}
