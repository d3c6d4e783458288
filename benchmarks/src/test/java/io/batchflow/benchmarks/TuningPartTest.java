package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.benchmarks.TuningPart.Load;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All backends are measured, and each holds the rows of each way. Speed is not tested here. */
@Tag("server")
class TuningPartTest {

  @Test
  void allBackendsAreMeasured() {
    StringWriter out = new StringWriter();

    List<Figure> figures =
        new TuningPart(new Load(5_000, Duration.ofMillis(500), 1))
            .run(false, new PrintWriter(out, true));

    for (String contest : List.of("Model", "PostgreSQL", "SQLite", "Redis")) {
      assertThat(figures)
          .extracting(Figure::line)
          .filteredOn(line -> line.contains(" contest=" + contest + " way="))
          .hasSizeGreaterThanOrEqualTo(7)
          .anyMatch(line -> line.contains(" way=tuned "));
    }
    assertThat(out.toString()).contains("found: ");
  }
}
