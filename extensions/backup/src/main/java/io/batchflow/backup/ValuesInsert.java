package io.batchflow.backup;

import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Inserts lines with a parameter for each value, for databases that cannot read JSON in a query.
 */
final class ValuesInsert {

  private static final int PARAMETERS = 2_000;

  private ValuesInsert() {}

  static Mono<Long> run(
      Connection connection, Shape shape, List<String> lines, String beforeValues) {
    int rows = Math.max(1, PARAMETERS / shape.columns().size());
    return Flux.fromIterable(lines)
        .buffer(rows)
        .concatMap(some -> insert(connection, shape, some, beforeValues))
        .reduce(0L, Long::sum);
  }

  private static Mono<Long> insert(
      Connection connection, Shape shape, List<String> lines, String beforeValues) {
    String columns =
        shape.columns().stream().map(BackupColumn::quoted).collect(Collectors.joining(", "));
    String row =
        shape.columns().stream()
            .map(column -> column.write().replace("{}", "?"))
            .collect(Collectors.joining(", ", "(", ")"));
    String sql =
        "INSERT INTO "
            + shape.quoted()
            + " ("
            + columns
            + ")"
            + beforeValues
            + " VALUES "
            + String.join(", ", Collections.nCopies(lines.size(), row));
    return Mono.defer(() -> Requests.changed(bound(connection.createStatement(sql), shape, lines)));
  }

  private static Statement bound(Statement statement, Shape shape, List<String> lines) {
    int index = 0;
    for (String line : lines) {
      List<@Nullable String> values = Lines.read(shape.columns(), line);
      for (int i = 0; i < values.size(); i++) {
        bind(statement, index++, shape.columns().get(i), values.get(i));
      }
    }
    return statement;
  }

  /** Binds a value as its column takes it. */
  static void bind(Statement statement, int index, BackupColumn column, @Nullable String value) {
    if (column.binary()) {
      if (value == null) {
        statement.bindNull(index, byte[].class);
      } else {
        statement.bind(index, HexFormat.of().parseHex(value));
      }
    } else if (value == null) {
      statement.bindNull(index, String.class);
    } else {
      statement.bind(index, value);
    }
  }
}
