package io.batchflow.backup;

import io.batchflow.sql.Placeholder;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Reads rows in the order of their primary key. Immutable. */
final class TableExport {

  private static final int FETCH = 256;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final Shape shape;
  private final Placeholder placeholder;

  TableExport(Shape shape, Placeholder placeholder) {
    this.shape = shape;
    this.placeholder = placeholder;
  }

  /** A condition, and the columns whose texts its parameters take. */
  private record After(String text, List<Integer> parameters) {}

  /**
   * Reads the rows after a key.
   *
   * @param after the texts of the key; empty for the first rows
   */
  Flux<ExportedRow> rows(Connection connection, List<String> after, long most) {
    return Flux.defer(() -> statement(connection, after, most).fetchSize(FETCH).execute())
        .concatMap(result -> result.map((Readable row) -> exported(row)));
  }

  private Statement statement(Connection connection, List<String> after, long most) {
    List<BackupColumn> key = shape.key();
    After condition = after.isEmpty() ? new After("", List.of()) : after(key, 0, List.of());
    String sql =
        "SELECT "
            + shape.columns().stream().map(BackupColumn::read).collect(Collectors.joining(", "))
            + " FROM "
            + shape.quoted()
            + " t"
            + (after.isEmpty() ? "" : " WHERE ")
            + condition.text()
            + " ORDER BY "
            + key.stream().map(BackupColumn::order).collect(Collectors.joining(", "))
            + " LIMIT "
            + most;
    Statement statement = connection.createStatement(sql);
    for (int i = 0; i < condition.parameters().size(); i++) {
      int column = condition.parameters().get(i);
      ValuesInsert.bind(statement, i, key.get(column), after.get(column));
    }
    return statement;
  }

  /** Not all databases use an index for {@code (a, b) > (?, ?)}. */
  private After after(List<BackupColumn> key, int column, List<Integer> before) {
    BackupColumn first = key.get(column);
    List<Integer> parameters = new ArrayList<>(before);
    String greater = first.order() + " > " + next(first, column, parameters);
    if (column == key.size() - 1) {
      return new After(greater, parameters);
    }
    String equal = first.order() + " = " + next(first, column, parameters);
    After rest = after(key, column + 1, parameters);
    List<Integer> all = new ArrayList<>(rest.parameters());
    String least = first.order() + " >= " + next(first, column, all);
    return new After(
        "((" + greater + " OR (" + equal + " AND " + rest.text() + ")) AND " + least + ")", all);
  }

  private String next(BackupColumn column, int number, List<Integer> parameters) {
    parameters.add(number);
    return column.bound().replace("{}", placeholder.at(parameters.size() - 1));
  }

  private ExportedRow exported(Readable row) {
    List<@Nullable String> values = new ArrayList<>(shape.columns().size());
    List<String> key = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      BackupColumn column = shape.columns().get(i);
      String value = column.binary() ? hex(row.get(i, byte[].class)) : row.get(i, String.class);
      values.add(value);
      if (column.key() && value != null) {
        key.add(value);
      }
    }
    return new ExportedRow(Lines.write(shape.columns(), values), key);
  }

  private static @Nullable String hex(byte @Nullable [] bytes) {
    return bytes == null ? null : HEX.formatHex(bytes);
  }
}
