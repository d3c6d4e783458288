package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import io.batchflow.Ordering;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/**
 * The flow and its peers on MariaDB with both drivers, with plain inserts, which cost the least.
 */
final class MariaDbContests {

  private static final int CONNECTIONS = 4;

  private final Scale scale;
  private final Contest contest;

  MariaDbContests(Scale scale, Contest contest) {
    this.scale = scale;
    this.contest = contest;
  }

  List<Figure> run() throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (TestDatabase database = TestDatabase.on(TestServers.mariaDb());
        Connection beside = database.connect()) {
      EventsTable table = new EventsTable(beside, '`', "DOUBLE", List.of("TRUNCATE events"));
      figures.addAll(
          inserts("MariaDB r2dbc-mariadb", database.server().r2dbcUrl("mariadb", null), table));
      // Like the other driver by default: no TCP delay, and no encryption on one machine.
      figures.addAll(
          inserts(
              "MariaDB r2dbc-mysql",
              database.server().r2dbcUrl("mysql", "tcpNoDelay=true&sslMode=disabled"),
              table));
    }
    return figures;
  }

  private List<Figure> inserts(String name, String url, EventsTable table) throws Exception {
    ConnectionFactory factory = ConnectionFactories.get(url);
    try (FlowWriting flow =
            FlowWriting.ahead(
                factory, ConflictStrategy.FAIL, Ordering.NONE, scale.batch(), CONNECTIONS);
        R2dbcLoop multiRow =
            new R2dbcLoop(
                factory, CONNECTIONS, scale.batch(), Statements.multiRow('`', scale.batch()));
        R2dbcLoop added =
            new R2dbcLoop(factory, CONNECTIONS, scale.batch(), Statements.added('`'))) {
      return contest.run(
          name,
          Scale.details(scale.rows(), scale.batch(), CONNECTIONS),
          table,
          List.of(
              Way.flow(scale.rows(), flow),
              new Way("multi-row VALUES by hand", scale.rows(), 0.85, multiRow),
              new Way("Statement.add()", scale.slowRows(), 4, added)));
    }
  }
}
