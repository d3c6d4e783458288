package io.batchflow.backup;

import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The statements for H2. It cannot read the texts of arrays, rows and Java objects. */
final class H2BackupSql implements BackupSql {

  private static final String TEXT = "CAST({} AS VARCHAR)";

  @Override
  public BackupColumn column(SqlColumn column, String name, boolean key) {
    String quoted = Shape.ALIAS + name;
    String type = column.type();
    String upper = type.toUpperCase(Locale.ROOT);
    if (upper.endsWith(" ARRAY")
        || upper.contains(" ARRAY[")
        || upper.startsWith("ROW")
        || upper.startsWith("JAVA_OBJECT")) {
      throw new BackupException(
          "The type of column '" + column.name() + "' is " + type + ", which H2 cannot restore",
          "Change the type");
    }
    if (upper.startsWith("BINARY") || upper.startsWith("VARBINARY")) {
      String bytes = "CAST({} AS VARBINARY)";
      String read = bytes.replace("{}", quoted);
      return new BackupColumn(column.name(), name, type, key, read, "{}", quoted, bytes, true);
    }
    String typed = "CAST(" + TEXT + " AS " + type + ")";
    if (upper.startsWith("CHARACTER LARGE OBJECT")) {
      return new BackupColumn(
          column.name(), name, type, key, TEXT.replace("{}", quoted), "{}", quoted, TEXT, false);
    }
    String read = TEXT.replace("{}", quoted);
    if (upper.startsWith("JSON")) {
      return new BackupColumn(
          column.name(), name, type, key, read, TEXT + " FORMAT JSON", quoted, typed, false);
    }
    if (upper.startsWith("ENUM")) {
      return new BackupColumn(column.name(), name, type, key, read, typed, read, TEXT, false);
    }
    return new BackupColumn(column.name(), name, type, key, read, typed, quoted, typed, false);
  }

  @Override
  public String computed() {
    return "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ?"
        + " AND TABLE_NAME = ? AND IS_GENERATED = 'ALWAYS'";
  }

  @Override
  public Placeholder placeholder() {
    return Placeholder.QUESTION_MARK;
  }

  @Override
  public <T> Mono<T> formatted(Connection connection, Mono<T> work) {
    return Requests.atomically(connection, work);
  }

  @Override
  public Mono<Long> insert(Connection connection, Shape shape, List<String> lines) {
    return ValuesInsert.run(connection, shape, lines, " OVERRIDING SYSTEM VALUE");
  }

  @Override
  public Mono<Void> countOn(Connection connection, Shape shape) {
    return Flux.fromIterable(shape.columns())
        .filter(column -> column.type().matches("SMALLINT|INTEGER|BIGINT"))
        .concatMap(column -> countOn(connection, shape, column))
        .then();
  }

  /** H2 has no restart with a query. A column that is no identity takes no restart. */
  private static Mono<Long> countOn(Connection connection, Shape shape, BackupColumn column) {
    return Requests.first(
            connection.createStatement(
                "SELECT COALESCE(MAX(" + column.quoted() + "), 0) + 1 FROM " + shape.quoted()),
            row -> Objects.requireNonNull(row.get(0, Number.class)).longValue())
        .flatMap(
            next ->
                Requests.changed(
                        connection.createStatement(
                            "ALTER TABLE "
                                + shape.quoted()
                                + " ALTER COLUMN "
                                + column.quoted()
                                + " RESTART WITH "
                                + next))
                    .onErrorComplete());
  }
}
