package io.batchflow.r2dbc.retention;

import io.batchflow.Schema;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.SqlColumn;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The statements for PostgreSQL. Rows that somebody has locked are left for the next run, so that
 * nobody waits for anybody. A tuple id is unique only within a partition, so each is cleaned by
 * itself.
 */
final class PostgresRetentionSql implements RetentionSql {

  /** All partitions and inheriting tables, down to any depth, and the table itself. */
  private static final String TREE =
      """
      WITH RECURSIVE tree (oid, parent, depth) AS (
        SELECT CAST({table} AS regclass)::oid, NULL::oid, 0
        UNION ALL SELECT i.inhrelid, i.inhparent, tree.depth + 1
        FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid),
      part AS (
        SELECT c.oid, c.relkind, tree.parent, tree.depth,
          format('%I.%I', n.nspname, c.relname) AS name,
          CASE WHEN k.partstrat = 'r' AND k.partnatts = 1 AND a.attname = {column}
            THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) ELSE '' END AS bound
        FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = tree.parent
        LEFT JOIN pg_catalog.pg_attribute a
          ON a.attrelid = k.partrelid AND a.attnum = k.partattrs[0])
      """;

  /** The end of a partition; null if it has none, or is not one by the time column. */
  private static final String END =
      "CASE WHEN p.bound LIKE '% TO (MAXVALUE)' THEN NULL ELSE"
          + " CAST(substring(p.bound FROM ' TO \\(''?([^'')]+)''?\\)$') AS {type}) END";

  private static final String BEGIN =
      "CASE WHEN p.bound LIKE '% FROM (MINVALUE) %' THEN NULL ELSE"
          + " CAST(substring(p.bound FROM ' FROM \\(''?([^'')]+)''?\\) TO') AS {type}) END";

  private static final String EXPIRED =
      TREE
          + "SELECT p.name, u.name FROM part p JOIN part u ON u.oid = p.parent WHERE "
          + END
          + " <= {cutOff} ORDER BY p.depth DESC, p.name";

  /** Without partitions that are expired, but could not be dropped, and those that are young. */
  private static final String PARTS =
      TREE
          + """
          SELECT p.name, EXISTS (SELECT 1 FROM pg_catalog.pg_index x
              JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
              JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
              JOIN pg_catalog.pg_am m ON m.oid = i.relam
              WHERE x.indrelid = p.oid AND x.indisvalid AND x.indpred IS NULL
              AND m.amname = 'btree' AND a.attname = {column}),
            pg_catalog.pg_relation_size(p.oid) / current_setting('block_size')::bigint
          FROM part p WHERE p.relkind = 'r' AND COALESCE(\
          """
          + END
          + " > {cutOff}, TRUE) AND COALESCE("
          + BEGIN
          + " < {cutOff}, TRUE) ORDER BY p.name";

  /** A drop waits no longer than this, as writers would wait behind it. */
  private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '200ms'";

  @Override
  public String now() {
    return "SELECT CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT)";
  }

  @Override
  public @Nullable TimeType typeOf(SqlColumn column) {
    return TimeType.of(column.castType(), false);
  }

  @Override
  public String literal(TimeType type, String text) {
    return RetentionSql.standardLiteral(type, text);
  }

  @Override
  public String delete(Target target, Part part, Slice slice, String expired) {
    String place =
        part.indexed()
            ? " ORDER BY " + target.quotedColumn()
            : " AND ctid >= '(" + slice.page() + ",0)' AND ctid < '(" + slice.endPage() + ",0)'";
    return "DELETE FROM ONLY "
        + part.table()
        + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM ONLY "
        + part.table()
        + " WHERE "
        + expired
        + place
        + " LIMIT "
        + slice.rows()
        // A row that is changed before it is locked is read again, and must still be expired.
        + " FOR UPDATE SKIP LOCKED)) AND "
        + expired;
  }

  /** Dead rows stay in the index for a while, and would be passed again and again. */
  @Override
  public @Nullable String oldest(Target target, Part part, String expired) {
    String min = "MIN(" + target.quotedColumn() + ")";
    String text =
        switch (target.type()) {
          case MOMENT -> "to_char(" + min + " AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')";
          case LOCAL -> "to_char(" + min + ", 'YYYY-MM-DD HH24:MI:SS.US')";
          case DATE -> "to_char(" + min + ", 'YYYY-MM-DD')";
          case EPOCH -> "CAST(" + min + " AS TEXT)";
        };
    return "SELECT " + text + " FROM ONLY " + part.table() + " WHERE " + expired;
  }

  @Override
  public String count(Part part, String expired) {
    return "SELECT COUNT(*) FROM ONLY " + part.table() + " WHERE " + expired;
  }

  @Override
  public Mono<List<Part>> parts(Connection connection, Target target, Schema schema) {
    return list(
        connection,
        with(target, PARTS),
        row ->
            new Part(
                text(row, 0),
                Boolean.TRUE.equals(row.get(1, Boolean.class)),
                Objects.requireNonNull(row.get(2, Long.class))));
  }

  @Override
  public Mono<List<Partition>> expired(Connection connection, Target target) {
    return list(
        connection, with(target, EXPIRED), row -> new Partition(text(row, 0), text(row, 1)));
  }

  /** Once its parent is locked, nobody can change the bounds of the partition. */
  @Override
  public Mono<Boolean> drop(Connection connection, Target target, Partition partition) {
    return run(connection, LOCK_TIMEOUT)
        .then(
            run(connection, "LOCK TABLE ONLY " + partition.parent() + " IN ACCESS EXCLUSIVE MODE"))
        .then(Mono.defer(() -> expired(connection, target)))
        .flatMap(
            expired ->
                expired.contains(partition)
                    ? run(connection, "DROP TABLE " + partition.name()).thenReturn(true)
                    : Mono.just(false));
  }

  private String with(Target target, String query) {
    String type =
        switch (target.type()) {
          case MOMENT -> "TIMESTAMP WITH TIME ZONE";
          case LOCAL -> "TIMESTAMP";
          case DATE -> "DATE";
          case EPOCH -> "NUMERIC";
        };
    return query
        .replace("{type}", type)
        .replace("{cutOff}", literal(target.type(), target.cutOff()))
        .replace("{column}", quoted(target.column()))
        .replace("{table}", quoted(target.table()));
  }

  private static String quoted(String name) {
    return "'" + name.replace("'", "''") + "'";
  }

  private static <T> Mono<List<T>> list(
      Connection connection, String sql, Function<Readable, T> read) {
    return Flux.defer(() -> connection.createStatement(sql).execute())
        .concatMap(result -> result.map(read))
        .collectList();
  }

  private static String text(Readable row, int index) {
    return Objects.requireNonNull(row.get(index, String.class));
  }

  private static Mono<Void> run(Connection connection, String sql) {
    return Mono.defer(() -> Requests.changed(connection.createStatement(sql))).then();
  }
}
