package io.batchflow.spring.boot;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A database in memory for one test. */
public record TestDatabase(ConnectionFactory connections) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public static TestDatabase create(String... statements) {
    TestDatabase database =
        new TestDatabase(
            ConnectionFactories.get(
                "r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1"));
    for (String statement : statements) {
      database.execute(statement);
    }
    return database;
  }

  private void execute(String sql) {
    Flux.usingWhen(
            connections.create(),
            c -> Flux.from(c.createStatement(sql).execute()).concatMap(Result::getRowsUpdated),
            c -> c.close())
        .blockLast(PATIENCE);
  }

  /** Returns the number of rows in a table. */
  public long count(String table) {
    return Objects.requireNonNull(
        Mono.usingWhen(
                connections.create(),
                c ->
                    Flux.from(c.createStatement("SELECT COUNT(*) FROM " + table).execute())
                        .concatMap(result -> result.map((row, meta) -> row.get(0, Long.class)))
                        .next(),
                c -> c.close())
            .block(PATIENCE));
  }
}
