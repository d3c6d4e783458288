package io.batchflow.examples.tool;

import io.batchflow.testservers.TestServer;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Flux;

/**
 * A catalog, and a database with rows.
 *
 * @param environment the variables that name them
 * @param url that of the database
 */
record Place(Map<String, String> environment, String url) {

  /** Returns an empty database in memory, which has the catalog too. */
  static Place h2() {
    String url = "r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1";
    return new Place(Map.of("BATCHFLOW_CATALOG", url), url);
  }

  /** Returns a database that has the catalog too. The password is in a variable of its own. */
  static Place postgres(TestServer server) {
    String url = server.r2dbcUrl("postgresql", null);
    String bare =
        "r2dbc:postgresql://%s@%s:%d/%s"
            .formatted(server.user(), server.host(), server.port(), server.database());
    return new Place(
        Map.of("BATCHFLOW_CATALOG", bare, "BATCHFLOW_CATALOG_PASSWORD", server.password()), url);
  }

  /** Returns a database with a catalog in Redis. */
  static Place redis(TestServer redis, TestServer rows) {
    String url = rows.r2dbcUrl("postgresql", null);
    String catalog = "redis://%s:%d".formatted(redis.host(), redis.port());
    return new Place(Map.of("BATCHFLOW_CATALOG", catalog, "BATCHFLOW_DB", url), url);
  }

  /** Runs the program. Words are separated by spaces. */
  Run run(String words) {
    return Run.of(environment, words.split(" "));
  }

  /** Runs the program, with its output in JSON. */
  Run json(String words, String... more) {
    List<String> arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(List.of("--output", "json"));
    arguments.addAll(List.of(more));
    return Run.of(environment, arguments.toArray(new String[0]));
  }

  /** Runs SQL. Returns the first number of the result, or 0. */
  long sql(String sql) {
    Long number =
        Flux.usingWhen(
                ConnectionFactories.get(url).create(),
                connection ->
                    Flux.from(connection.createStatement(sql).execute())
                        .concatMap(
                            (Result result) ->
                                result.map(row -> ((Number) row.get(0)).longValue())),
                Connection::close)
            .blockFirst();
    return number == null ? 0 : number;
  }
}
