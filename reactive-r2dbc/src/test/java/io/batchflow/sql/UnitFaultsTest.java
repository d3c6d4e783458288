package io.batchflow.sql;

import static io.batchflow.sql.Orders.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.testservers.H2Process;
import io.batchflow.testservers.KillableServer;
import io.batchflow.testservers.MariaDbProcess;
import io.batchflow.testservers.PostgresProcess;
import io.batchflow.testservers.TcpProxy;
import io.batchflow.testservers.TestServer;
import io.batchflow.unit.Unit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Random units, some of them bad, while connections are cut and the server is killed. */
@Tag("server")
class UnitFaultsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** {@code -Dbatchflow.test.units=20000} in the nightly build. */
  private static final int UNITS = Integer.getInteger("batchflow.test.units", 1_000);

  private static final int UNITS_PER_FAULT = 150;
  private static final int FAULTS_PER_KILL = 4;

  private static final Schema REPEATABLE =
      Schema.table("unit_orders")
          .columns("id", "note")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  /** A server of its own, and how a writer reaches it. */
  enum Site {
    POSTGRES,
    MARIADB,
    MARIADB_BY_MYSQL,
    H2;

    KillableServer start(Path directory) throws Exception {
      return switch (this) {
        case POSTGRES -> PostgresProcess.start(directory);
        case MARIADB, MARIADB_BY_MYSQL -> MariaDbProcess.start(directory);
        case H2 -> H2Process.start(directory);
      };
    }

    BatchWriter writer(TestServer server) {
      return switch (this) {
        case POSTGRES -> R2dbcBatchWriter.create(server.r2dbcUrl("postgresql", null));
        case MARIADB -> R2dbcBatchWriter.create(server.r2dbcUrl("mariadb", null));
        case MARIADB_BY_MYSQL -> R2dbcBatchWriter.create(server.r2dbcUrl("mysql", null));
        case H2 -> {
          JdbcDataSource source = new JdbcDataSource();
          source.setURL(jdbcUrl(server));
          yield JdbcBatchWriter.create(source, Dialects.h2());
        }
      };
    }

    String jdbcUrl(TestServer server) {
      return switch (this) {
        case POSTGRES -> server.jdbcUrl("postgresql", null);
        case MARIADB, MARIADB_BY_MYSQL -> server.jdbcUrl("mariadb", null);
        case H2 -> "jdbc:h2:tcp://localhost:" + server.port() + "/./faults;WRITE_DELAY=0";
      };
    }
  }

  /** A unit: an order and some items, one of which may be bad. */
  private record Placed(int id, int items, int bad, boolean repeatable) {

    static Placed random(int id, Random random) {
      int items = random.nextInt(1, 6);
      int bad = random.nextInt(60) == 0 ? random.nextInt(1, items + 1) : 0;
      return new Placed(id, items, bad, random.nextBoolean());
    }

    Row unit() {
      List<Row> rows = new ArrayList<>();
      Schema orders = repeatable ? REPEATABLE : Orders.ORDERS;
      rows.add(orders.row().set("id", (long) id).set("note", "n"));
      for (int line = 1; line <= items; line++) {
        rows.add(item(id, line, line == bad ? -1 : line));
      }
      return Unit.of(rows).tag(this);
    }
  }

  @ParameterizedTest
  @EnumSource
  void allRowsOfAUnitAreStoredOrNone(Site site, @TempDir Path directory) throws Exception {
    Random random = new Random(1_717);
    try (KillableServer server = site.start(directory);
        TcpProxy proxy = TcpProxy.before(server.server().host(), server.server().port())) {
      try (Connection connection = DriverManager.getConnection(site.jdbcUrl(server.server()));
          Statement statement = connection.createStatement()) {
        for (String table : Orders.TABLES) {
          statement.execute(table);
        }
      }
      BatchFlow flow =
          BatchFlow.builder(site.writer(server.server().withPort(proxy.port())))
              .policy(Unit.SCHEMA, BatchPolicy.builder().maxSize(40).build())
              .writeTimeout(Duration.ofSeconds(5))
              .writeGrace(Duration.ofSeconds(5))
              .retry(Retry.fixedDelay(10_000, Duration.ofMillis(20)))
              .build();
      List<Outcome<Row>> outcomes =
          flow.submitAll(Flux.range(0, UNITS).map(id -> Placed.random(id, random).unit()))
              .publishOn(Schedulers.boundedElastic(), 16)
              .index()
              .doOnNext(numbered -> mayFail(numbered.getT1() + 1, server, proxy))
              .map(numbered -> numbered.getT2())
              .collectList()
              .block(PATIENCE);
      LedgerAssertions.assertBalanced(flow);
      flow.close().block(PATIENCE);

      assertThat(outcomes).hasSize(UNITS);
      try (Connection connection = DriverManager.getConnection(site.jdbcUrl(server.server()))) {
        check(outcomes, connection);
      }
    }
  }

  private static void mayFail(long outcomes, KillableServer server, TcpProxy proxy) {
    if (outcomes % UNITS_PER_FAULT != 0) {
      return;
    }
    try {
      if (outcomes / UNITS_PER_FAULT % FAULTS_PER_KILL == 0) {
        server.kill();
        server.restart();
      } else {
        proxy.cut();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The items of an order, or 0 of an order without items; an absent order has no entry. */
  private static Map<Integer, Integer> stored(Connection connection) throws SQLException {
    Map<Integer, Integer> stored = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT o.id, COUNT(i.line) FROM unit_orders o"
                    + " LEFT JOIN unit_items i ON i.order_id = o.id GROUP BY o.id")) {
      while (rows.next()) {
        stored.put(rows.getInt(1), rows.getInt(2));
      }
    }
    return stored;
  }

  private static void check(List<Outcome<Row>> outcomes, Connection connection)
      throws SQLException {
    Map<Integer, Integer> stored = stored(connection);
    int written = 0;
    for (Outcome<Row> outcome : outcomes) {
      Placed placed = (Placed) outcome.value().tag();
      Integer items = stored.get(placed.id);
      String what = placed + " " + outcome.status();
      if (items != null) {
        assertThat(items).as(what).isEqualTo(placed.items);
        assertThat(placed.bad).as(what).isZero();
      }
      switch (outcome.status()) {
        case WRITTEN -> assertThat(items).as(what).isNotNull();
        case REJECTED -> assertThat(placed.bad).as(what).isPositive();
        default -> assertThat(outcome.status()).as(what).isEqualTo(OutcomeStatus.UNKNOWN);
      }
      written += outcome.isWritten() ? 1 : 0;
    }
    assertThat(written).isGreaterThan(UNITS / 2);
  }
}
