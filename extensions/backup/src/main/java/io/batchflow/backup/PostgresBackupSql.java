package io.batchflow.backup;

import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The statements for PostgreSQL, whose texts of all types can be read back. */
final class PostgresBackupSql implements BackupSql {

  private static final String FORMATS =
      "SELECT set_config('DateStyle', 'ISO, YMD', true), set_config('TimeZone', 'UTC', true),"
          + " set_config('IntervalStyle', 'postgres', true), set_config('extra_float_digits', '1',"
          + " true), set_config('bytea_output', 'hex', true), set_config('lc_monetary', 'C', true),"
          + " set_config('xmloption', 'content', true)";

  @Override
  public BackupColumn column(SqlColumn column, String quoted, boolean key) {
    String cast = "CAST({} AS " + column.castType() + ")";
    return new BackupColumn(
        column.name(),
        quoted,
        column.type(),
        key,
        "CAST(" + Shape.ALIAS + quoted + " AS text)",
        cast,
        Shape.ALIAS + quoted,
        cast,
        false);
  }

  @Override
  public String computed() {
    return "SELECT a.attname::text FROM pg_catalog.pg_attribute a"
        + " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        + " WHERE n.nspname = $1 AND c.relname = $2 AND a.attgenerated <> ''";
  }

  @Override
  public Placeholder placeholder() {
    return Placeholder.NUMBERED;
  }

  @Override
  public <T> Mono<T> formatted(Connection connection, Mono<T> work) {
    return Requests.atomically(
        connection, Requests.first(connection.createStatement(FORMATS), row -> true).then(work));
  }

  /** All lines are one parameter. */
  @Override
  public Mono<Long> insert(Connection connection, Shape shape, List<String> lines) {
    String columns =
        shape.columns().stream().map(BackupColumn::quoted).collect(Collectors.joining(", "));
    String values =
        shape.columns().stream()
            .map(
                column ->
                    column
                        .write()
                        .replace("{}", "r.line ->> '" + column.name().replace("'", "''") + "'"))
            .collect(Collectors.joining(", "));
    String sql =
        "INSERT INTO "
            + shape.quoted()
            + " ("
            + columns
            + ") OVERRIDING SYSTEM VALUE SELECT "
            + values
            + " FROM json_array_elements(CAST($1 AS json)) AS r(line)";
    return Mono.defer(
        () ->
            Requests.changed(Requests.bound(connection, sql, "[" + String.join(",", lines) + "]")));
  }

  @Override
  public Mono<Void> countOn(Connection connection, Shape shape) {
    return Flux.fromIterable(shape.columns())
        .filter(column -> column.type().matches("smallint|integer|bigint"))
        .concatMap(
            column ->
                Requests.first(
                    Requests.bound(
                        connection, countOn(shape, column), shape.quoted(), column.name()),
                    row -> true))
        .then();
  }

  /** Does nothing to a column without a sequence. */
  private static String countOn(Shape shape, BackupColumn column) {
    return "SELECT setval(s.name, m.top) IS NULL FROM (SELECT MAX("
        + column.quoted()
        + ") AS top FROM "
        + shape.quoted()
        + ") m, (SELECT CAST(pg_get_serial_sequence($1, $2) AS regclass) AS name) s"
        + " WHERE s.name IS NOT NULL AND m.top > 0";
  }
}
