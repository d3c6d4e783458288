package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import io.batchflow.jdbc.JdbcBatchWriter;
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
import java.util.UUID;
import java.util.stream.Stream;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The flow and its peers on SQLite and H2, with plain inserts, which cost the least. */
final class EmbeddedContests {

  private static final int H2_CONNECTIONS = 4;

  private final Scale scale;
  private final Contest contest;

  EmbeddedContests(Scale scale, Contest contest) {
    this.scale = scale;
    this.contest = contest;
  }

  List<Figure> run() throws Exception {
    Path directory = Files.createTempDirectory("benchmarks");
    try {
      List<Figure> figures = new ArrayList<>(sqlite(directory));
      figures.addAll(h2());
      return figures;
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private List<Figure> sqlite(Path directory) throws Exception {
    Path file = directory.resolve("events.db");
    Path csv = directory.resolve("events.csv");
    Events.writeTo(csv, scale.rows(), ',');
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    source.setJournalMode("WAL");
    source.setSynchronous("NORMAL");
    try (Connection beside = source.getConnection();
        FlowWriting flow =
            FlowWriting.over(
                JdbcBatchWriter.create(source), ConflictStrategy.FAIL, scale.batch(), 2);
        SqliteLoop loop = new SqliteLoop(source.getConnection(), scale.batch())) {
      EventsTable table =
          new EventsTable(
              beside,
              '"',
              "DOUBLE",
              List.of("DELETE FROM events", "PRAGMA wal_checkpoint(TRUNCATE)"));
      List<Way> ways = new ArrayList<>();
      ways.add(Way.flow(scale.rows(), flow));
      ways.add(new Way("multi-row VALUES by hand, JDBC", scale.rows(), 0.85, loop));
      Optional<Shell> sqlite3 = Shell.find("sqlite3");
      sqlite3.ifPresent(
          shell ->
              ways.add(
                  new Way(
                      "sqlite3 .import",
                      scale.rows(),
                      1,
                      rows -> shell.run(Map.of(), importArguments(file, csv)))));
      List<Figure> figures =
          contest.run("SQLite", Scale.details(scale.rows(), scale.batch(), 1), table, ways);
      if (sqlite3.isEmpty()) {
        contest.leaveOut("sqlite3 .import", "sqlite3 is not on the PATH");
      }
      return figures;
    }
  }

  private static List<String> importArguments(Path file, Path csv) {
    return List.of(
        "-batch",
        "-cmd",
        "PRAGMA synchronous = NORMAL",
        file.toString(),
        ".import --csv " + csv + " events");
  }

  private List<Figure> h2() throws Exception {
    String name = UUID.randomUUID().toString();
    ConnectionFactory factory = ConnectionFactories.get("r2dbc:h2:mem:///" + name);
    try (Connection beside = DriverManager.getConnection("jdbc:h2:mem:" + name);
        FlowWriting flow =
            FlowWriting.over(factory, ConflictStrategy.FAIL, scale.batch(), H2_CONNECTIONS);
        R2dbcLoop multiRow = h2Loop(factory, Statements.multiRow('"', scale.batch()));
        R2dbcLoop unnest = h2Loop(factory, UnnestedArrays.h2())) {
      return contest.run(
          "H2 in memory",
          Scale.details(scale.rows(), scale.batch(), H2_CONNECTIONS),
          new EventsTable(beside, '"', "DOUBLE PRECISION", List.of("TRUNCATE TABLE events")),
          List.of(
              Way.flow(scale.rows(), flow),
              new Way("multi-row VALUES by hand", scale.rows(), 0.85, multiRow),
              new Way("unnest by hand", scale.rows(), 0, unnest)));
    }
  }

  /** Runs on threads that may block, as the driver blocks. */
  private R2dbcLoop h2Loop(ConnectionFactory factory, R2dbcLoop.Write write) {
    return new R2dbcLoop(
        factory,
        H2_CONNECTIONS,
        scale.batch(),
        (connection, first, rows) ->
            Mono.defer(() -> Mono.from(write.batch(connection, first, rows)))
                .subscribeOn(Schedulers.boundedElastic()));
  }
}
