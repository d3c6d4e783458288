package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.benchmarks.TablesRun.Load;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each policy has figures of each table, and no row is lost. Speed is not tested here. */
@Tag("server")
class TablesPartTest {

  @Test
  void everyTableIsMeasuredWithEachPolicy() {
    List<Figure> figures =
        new TablesPart(new Load(1, 1, 50, 100)).run(false, new PrintWriter(new StringWriter()));

    assertThat(figures)
        .extracting(Figure::line)
        .filteredOn(line -> line.contains(" rows_s="))
        .hasSize(6)
        .anyMatch(line -> line.contains("policy=global table=logs "))
        .anyMatch(line -> line.contains("policy=per-table table=orders "));
    assertThat(figures.get(6).line()).contains(" missing=0 ", "kept=true");
  }
}
