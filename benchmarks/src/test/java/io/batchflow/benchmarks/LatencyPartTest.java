package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.benchmarks.LatencyRun.Load;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The latency part stores rows in every way on every backend. Its speed is not tested here. */
@Tag("server")
class LatencyPartTest {

  @Test
  void everyWayIsMeasuredOnEveryBackend() {
    StringWriter table = new StringWriter();

    List<Figure> figures =
        new LatencyPart(new Load(List.of(500), 500, 1, 1)).run(false, new PrintWriter(table));

    for (String backend : List.of("PostgreSQL", "MariaDB", "SQLite", "Redis")) {
      assertThat(figures.stream().map(Figure::line).filter(line -> line.contains(backend)))
          .as(backend)
          .hasSize(4)
          .anyMatch(line -> line.contains("way=no_write_at_all"))
          .anyMatch(line -> line.contains("way=single_writes"))
          .anyMatch(line -> line.contains("way=flow p50_ms"))
          .anyMatch(line -> line.contains("way=flow_lingering"));
      assertThat(table.toString()).contains(backend + ", one row at a time");
      if (ThreadCosts.areKnown()) {
        assertThat(table.toString()).contains(backend + ", 500 rows/s, by thread");
      }
    }
  }
}
