package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import io.batchflow.Ordering;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The flow and its peers on PostgreSQL. */
final class PostgresContests {

  static final String DO_UPDATE =
      "ON CONFLICT (id) DO UPDATE SET "
          + Events.COLUMNS.stream()
              .skip(1)
              .map(column -> column + " = excluded." + column)
              .collect(Collectors.joining(", "));

  private static final String DO_NOTHING = "ON CONFLICT (id) DO NOTHING";
  static final String INSERT_ROW =
      "INSERT INTO events (" + Events.columns('"') + ") VALUES ($1, $2, $3, $4, $5) ";
  private static final int CONNECTIONS = 4;
  private static final int BULK_CONNECTIONS = 2;
  private static final int SLOW_CONNECTIONS = 10;

  private final Scale scale;
  private final Contest contest;

  PostgresContests(Scale scale, Contest contest) {
    this.scale = scale;
    this.contest = contest;
  }

  List<Figure> run() throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect()) {
      EventsTable table = table(beside);
      figures.addAll(upsert(database, table, ConflictStrategy.UPDATE, DO_UPDATE));
      figures.addAll(upsert(database, table, ConflictStrategy.IGNORE, DO_NOTHING));
      figures.addAll(bulk(database.server(), table));
    }
    return figures;
  }

  /** Empties the table with a checkpoint, which would otherwise fall into a later round. */
  static EventsTable table(Connection beside) throws Exception {
    return new EventsTable(
        beside, '"', "DOUBLE PRECISION", List.of("TRUNCATE events", "CHECKPOINT"));
  }

  static ConnectionFactory factory(TestServer server) {
    return ConnectionFactories.get(server.r2dbcUrl("postgresql", null));
  }

  private List<Figure> upsert(
      TestDatabase database, EventsTable table, ConflictStrategy strategy, String onConflict)
      throws Exception {
    TestServer server = database.server();
    String rewriting = server.jdbcUrl("postgresql", "reWriteBatchedInserts=true");
    String insert = Events.insert('"', 1) + " " + onConflict;
    try (FlowWriting flow =
            FlowWriting.ahead(
                factory(server), strategy, Ordering.NONE, scale.batch(), CONNECTIONS);
        FlowWriting ordered =
            FlowWriting.ahead(
                factory(server), strategy, Ordering.PER_KEY, scale.batch(), CONNECTIONS);
        R2dbcLoop arrays =
            new R2dbcLoop(
                factory(server), CONNECTIONS, scale.batch(), UnnestedArrays.postgres(onConflict));
        JdbcRewrite jdbc =
            new JdbcRewrite(
                () -> DriverManager.getConnection(rewriting), CONNECTIONS, scale.batch(), insert);
        R2dbcLoop single =
            new R2dbcLoop(
                factory(server), SLOW_CONNECTIONS, 1, Statements.single(INSERT_ROW + onConflict))) {
      return contest.run(
          "PostgreSQL " + strategy,
          Scale.details(scale.rows(), scale.batch(), CONNECTIONS),
          table,
          List.of(
              Way.flow(scale.rows(), flow),
              new Way("unnest by hand", scale.rows(), 0.85, arrays),
              new Way("JDBC, rewritten batches", scale.rows(), 1.2, jdbc),
              new Way("INSERT a row, 10 connections", scale.slowRows(), 25, single),
              new Way("flow, in order by key", scale.rows(), 0, ordered)));
    }
  }

  private List<Figure> bulk(TestServer server, EventsTable table) throws Exception {
    Path file = Files.createTempFile("events", ".txt");
    try (FlowWriting flow =
            FlowWriting.ahead(
                factory(server),
                ConflictStrategy.FAIL,
                Ordering.NONE,
                scale.bulkBatch(),
                BULK_CONNECTIONS);
        R2dbcLoop copy =
            new R2dbcLoop(
                factory(server), BULK_CONNECTIONS, scale.bulkBatch(), new PostgresBinaryCopy())) {
      Events.writeTo(file, scale.bulkRows(), '\t');
      List<Way> ways = new ArrayList<>();
      ways.add(Way.flow(scale.bulkRows(), flow));
      ways.add(new Way("binary COPY by hand", scale.bulkRows(), 0.8, copy));
      Optional<Shell> psql = Shell.find("psql");
      psql.ifPresent(
          shell ->
              ways.add(
                  new Way(
                      "psql \\copy",
                      scale.bulkRows(),
                      0.8,
                      rows ->
                          shell.run(
                              Map.of("PGPASSWORD", server.password()),
                              copyArguments(server, file)))));
      List<Figure> figures =
          contest.run(
              "PostgreSQL FAIL",
              Scale.details(scale.bulkRows(), scale.bulkBatch(), BULK_CONNECTIONS),
              table,
              ways);
      if (psql.isEmpty()) {
        contest.leaveOut("psql \\copy", "psql is not on the PATH");
      }
      return figures;
    } finally {
      Files.delete(file);
    }
  }

  private static List<String> copyArguments(TestServer server, Path file) {
    return List.of(
        "--no-psqlrc",
        "--quiet",
        "--host=" + server.host(),
        "--port=" + server.port(),
        "--username=" + server.user(),
        "--dbname=" + server.database(),
        "--command=\\copy events from '" + file + "'");
  }
}
