package io.batchflow.benchmarks;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Hand-written statements over R2DBC. */
final class Statements {

  private Statements() {}

  /** Returns one statement for all rows of a batch. */
  static R2dbcLoop.Write multiRow(char quote, int batch) {
    String sql = Events.insert(quote, batch);
    return (connection, first, rows) -> {
      Statement statement = connection.createStatement(sql);
      for (int i = 0; i < rows; i++) {
        bind(statement, i * Events.COLUMNS.size(), first + i);
      }
      return run(statement);
    };
  }

  /** Returns a statement for one row. */
  static R2dbcLoop.Write single(String sql) {
    return (connection, row, rows) -> {
      Statement statement = connection.createStatement(sql);
      bind(statement, 0, row);
      return run(statement);
    };
  }

  /** Returns one statement with a set of bindings for each row, in one transaction. */
  static R2dbcLoop.Write added(char quote) {
    String sql = Events.insert(quote, 1);
    return (connection, first, rows) -> {
      Statement statement = connection.createStatement(sql);
      for (int i = 0; i < rows; i++) {
        bind(i == 0 ? statement : statement.add(), 0, first + i);
      }
      return transaction(connection, run(statement));
    };
  }

  static Mono<Void> run(Statement statement) {
    return Flux.from(statement.execute()).flatMap(Result::getRowsUpdated).then();
  }

  private static Publisher<Void> transaction(Connection connection, Mono<Void> work) {
    return Flux.concat(
        connection.beginTransaction(),
        work,
        Mono.defer(() -> Mono.from(connection.commitTransaction())));
  }

  static void bind(Statement statement, int from, int row) {
    for (int column = 0; column < Events.COLUMNS.size(); column++) {
      statement.bind(from + column, Events.value(row, column));
    }
  }
}
