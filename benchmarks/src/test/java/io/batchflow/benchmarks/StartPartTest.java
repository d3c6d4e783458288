package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class StartPartTest {

  /** Each way of each backend stores all its rows, or the part fails. */
  @Test
  void eachWayStoresTheFirstRowsOfItsJvm() {
    StringWriter text = new StringWriter();

    List<Figure> figures =
        new StartPart(new StartPart.Size(10_000, 1)).run(true, new PrintWriter(text, true));

    assertThat(figures)
        .map(Figure::line)
        .hasSize(StartTarget.values().length)
        .allMatch(line -> line.contains(" flow_s=") && line.contains(" hand_s="));
    assertThat(text.toString()).contains("PostgreSQL, COPY: the first 10,000 rows of a JVM");
  }
}
