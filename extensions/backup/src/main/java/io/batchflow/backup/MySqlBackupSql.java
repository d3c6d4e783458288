package io.batchflow.backup;

import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * The statements for MySQL and MariaDB. Bytes are hexadecimal. A FLOAT is read as a DOUBLE, since
 * its own text has too few digits.
 */
final class MySqlBackupSql implements BackupSql {

  private static final String HEX = "HEX(%s)";
  private static final String TEXT = "CAST(%s AS CHAR)";

  private static final Set<String> SPATIAL =
      Set.of(
          "geometry",
          "point",
          "linestring",
          "polygon",
          "multipoint",
          "multilinestring",
          "multipolygon",
          "geometrycollection",
          "geomcollection",
          "vector");

  @Override
  public BackupColumn column(SqlColumn column, String name, boolean key) {
    String quoted = Shape.ALIAS + name;
    String type = column.type().toLowerCase(Locale.ROOT);
    String base = type.split("\\W", 2)[0];
    if (base.endsWith("blob") || base.endsWith("binary") || SPATIAL.contains(base)) {
      return column(column, quoted, key, HEX, "UNHEX({})", quoted, "UNHEX({})");
    }
    String text = TEXT.formatted(quoted);
    return switch (base) {
      case "bit" ->
          column(
              column,
              quoted,
              key,
              "CAST(CAST(%s AS UNSIGNED) AS CHAR)",
              "CAST({} AS UNSIGNED)",
              quoted,
              "CAST({} AS UNSIGNED)");
      case "float" ->
          column(
              column,
              quoted,
              key,
              "CAST(CAST(%s AS DOUBLE) AS CHAR)",
              "{}",
              "CAST(" + quoted + " AS DOUBLE)",
              "CAST({} AS DOUBLE)");
      case "double" -> column(column, quoted, key, TEXT, "{}", quoted, "CAST({} AS DOUBLE)");
      case "tinyint", "smallint", "mediumint", "int", "bigint", "year" ->
          column(
              column,
              quoted,
              key,
              TEXT,
              "{}",
              quoted,
              type.contains("unsigned") ? "CAST({} AS UNSIGNED)" : "CAST({} AS SIGNED)");
      case "decimal" ->
          column(column, quoted, key, TEXT, "{}", quoted, "CAST({} AS DECIMAL(65, 30))");
      case "date" -> column(column, quoted, key, TEXT, "{}", quoted, "CAST({} AS DATE)");
      case "time" -> column(column, quoted, key, TEXT, "{}", quoted, "CAST({} AS TIME(6))");
      case "datetime", "timestamp" ->
          column(column, quoted, key, TEXT, "{}", quoted, "CAST({} AS DATETIME(6))");
      // These are sorted by their numbers, but compared with a text as texts.
      case "enum", "set" -> column(column, quoted, key, TEXT, "{}", text, "CAST({} AS CHAR)");
      case "uuid", "inet4", "inet6" ->
          column(column, quoted, key, TEXT, "{}", quoted, "CAST({} AS " + base + ")");
      default -> column(column, quoted, key, TEXT, "{}", quoted, "{}");
    };
  }

  private static BackupColumn column(
      SqlColumn column,
      String quoted,
      boolean key,
      String read,
      String write,
      String order,
      String bound) {
    return new BackupColumn(
        column.name(),
        quoted.substring(Shape.ALIAS.length()),
        column.type(),
        key,
        read.formatted(quoted),
        write,
        order,
        bound,
        false);
  }

  @Override
  public String computed() {
    return "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ?"
        + " AND TABLE_NAME = ? AND COALESCE(GENERATION_EXPRESSION, '') <> ''";
  }

  @Override
  public Placeholder placeholder() {
    return Placeholder.QUESTION_MARK;
  }

  private record Session(String zone, String mode) {}

  /** TIMESTAMPs are texts in UTC, a key of 0 stays 0, and dates of zeros are taken. */
  private static final Session SESSION =
      new Session("+00:00", "STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO");

  /** The session may be one of a pool, so it is restored. */
  @Override
  public <T> Mono<T> formatted(Connection connection, Mono<T> work) {
    return Requests.first(
            connection.createStatement("SELECT @@session.time_zone, @@session.sql_mode"),
            row ->
                new Session(
                    Objects.requireNonNull(row.get(0, String.class)),
                    Objects.requireNonNull(row.get(1, String.class))))
        .flatMap(
            before -> {
              Mono<Void> restored = set(connection, before);
              return Requests.orUndo(
                      set(connection, SESSION).then(Requests.atomically(connection, work)),
                      restored)
                  .flatMap(result -> restored.thenReturn(result));
            });
  }

  private static Mono<Void> set(Connection connection, Session session) {
    return Mono.defer(
            () ->
                Requests.changed(
                    connection.createStatement(
                        "SET time_zone = '"
                            + session.zone()
                            + "', sql_mode = '"
                            + session.mode()
                            + "'")))
        .then();
  }

  @Override
  public Mono<Long> insert(Connection connection, Shape shape, List<String> lines) {
    return ValuesInsert.run(connection, shape, lines, "");
  }

  /** The server does so by itself. */
  @Override
  public Mono<Void> countOn(Connection connection, Shape shape) {
    return Mono.empty();
  }
}
