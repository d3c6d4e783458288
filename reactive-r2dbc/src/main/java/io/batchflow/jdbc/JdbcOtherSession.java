package io.batchflow.jdbc;

import io.batchflow.sql.writer.OtherSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import reactor.core.publisher.Mono;

/** A session on a connection of its own. Its calls block. */
record JdbcOtherSession(Connection connection) implements OtherSession {

  static Mono<JdbcOtherSession> open(DataSource source) {
    return Mono.fromCallable(() -> new JdbcOtherSession(source.getConnection()));
  }

  @Override
  public Mono<Boolean> hasRow(String query) {
    return Mono.fromCallable(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet found = statement.executeQuery(query)) {
            return found.next();
          }
        });
  }

  @Override
  public Mono<Void> run(String sql) {
    return Mono.fromCallable(
            () -> {
              try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
              }
            })
        .then();
  }

  @Override
  public Mono<Void> close() {
    return Mono.fromCallable(
            () -> {
              connection.close();
              return true;
            })
        .onErrorComplete(SQLException.class)
        .then();
  }
}
