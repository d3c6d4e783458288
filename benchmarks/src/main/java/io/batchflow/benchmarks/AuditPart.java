package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Compares a flow whose batches are audited with the same flow without an audit. */
final class AuditPart implements Part {

  private static final int CONNECTIONS = 4;

  /** An audit may cost a twentieth of the throughput. */
  private static final double LEAST = 0.95;

  private final @Nullable Scale only;

  /** Measures at the scale of the run, quick or thorough. */
  AuditPart() {
    this.only = null;
  }

  /** Always measures at this scale. */
  AuditPart(Scale only) {
    this.only = only;
  }

  @Override
  public String name() {
    return "audit";
  }

  @Override
  public String about() {
    return "single rows of many users with an audit trail, compared with the same flow without one";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Scale scale = only != null ? only : quick ? Scale.QUICK : Scale.THOROUGH;
    Contest contest = new Contest("audit", scale, out);
    List<Figure> figures = new ArrayList<>();
    try {
      figures.addAll(postgres(scale, contest));
      figures.addAll(h2(scale, contest));
    } catch (Exception failure) {
      throw new IllegalStateException("The audit part failed", failure);
    }
    return figures;
  }

  private static List<Figure> postgres(Scale scale, Contest contest) throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect()) {
      return compare(
          "PostgreSQL",
          PostgresContests.factory(database.server()),
          ConflictStrategy.UPDATE,
          scale,
          contest,
          PostgresContests.table(beside));
    }
  }

  private static List<Figure> h2(Scale scale, Contest contest) throws Exception {
    String name = UUID.randomUUID().toString();
    try (Connection beside = DriverManager.getConnection("jdbc:h2:mem:" + name)) {
      return compare(
          "H2 in memory",
          ConnectionFactories.get("r2dbc:h2:mem:///" + name),
          ConflictStrategy.FAIL,
          scale,
          contest,
          new EventsTable(beside, '"', "DOUBLE PRECISION", List.of("TRUNCATE TABLE events")));
    }
  }

  private static List<Figure> compare(
      String name,
      ConnectionFactory factory,
      ConflictStrategy strategy,
      Scale scale,
      Contest contest,
      EventsTable table)
      throws Exception {
    try (UsersWriting audited =
            UsersWriting.audited(factory, strategy, scale.batch(), CONNECTIONS);
        UsersWriting bare = UsersWriting.bare(factory, strategy, scale.batch(), CONNECTIONS)) {
      return contest.run(
          name,
          Scale.details(scale.rows(), scale.batch(), CONNECTIONS),
          table,
          List.of(
              new Way("with an audit", scale.rows(), 0, audited),
              new Way("without", scale.rows(), LEAST, bare)));
    }
  }
}
