package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import java.io.PrintWriter;
import java.sql.Connection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Checks that the heap does not grow while millions of rows pass through a flow to PostgreSQL. */
final class SqlMemoryPart implements Part {

  private static final int CONNECTIONS = 4;
  private static final int BATCH = 1_000;
  private static final int SAMPLES = 10;
  private static final double MOST_GROWTH = 1.2;

  private final int rows;

  SqlMemoryPart() {
    this(5_000_000);
  }

  SqlMemoryPart(int rows) {
    this.rows = rows;
  }

  @Override
  public String name() {
    return "sql-memory";
  }

  @Override
  public String about() {
    return "the heap after garbage collection while millions of rows pass to PostgreSQL";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    int count = quick ? rows / 5 : rows;
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect();
        FlowWriting flow =
            FlowWriting.over(
                PostgresContests.factory(database.server()),
                ConflictStrategy.UPDATE,
                BATCH,
                CONNECTIONS)) {
      EventsTable table = PostgresContests.table(beside);
      out.printf("%12s %14s%n", "rows", "heap in MB");
      List<Double> heap = sampled(flow, count, out);
      table.verify(count);
      return List.of(figure(count, heap));
    } catch (Exception failure) {
      throw new IllegalStateException("The sql-memory part failed", failure);
    }
  }

  private static List<Double> sampled(FlowWriting flow, int count, PrintWriter out) {
    return Objects.requireNonNull(
        flow.outcomes(count)
            .index((index, outcome) -> index + 1)
            .filter(written -> written % (count / SAMPLES) == 0)
            .map(
                written -> {
                  double megabytes = Sample.take(0).megabytes();
                  out.printf(Locale.ROOT, "%,12d %14.1f%n", written, megabytes);
                  out.flush();
                  return megabytes;
                })
            .collectList()
            .block());
  }

  private static Figure figure(int count, List<Double> heap) {
    int third = heap.size() / 3;
    double first = max(heap.subList(0, third));
    double last = max(heap.subList(heap.size() - third, heap.size()));
    return new Figure("sql-memory")
        .with("rows", count)
        .with("first_third_mb", first)
        .with("last_third_mb", last)
        .atMost("growth", last / first, MOST_GROWTH);
  }

  private static double max(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
