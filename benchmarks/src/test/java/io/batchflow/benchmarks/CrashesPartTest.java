package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class CrashesPartTest {

  @Test
  void acknowledgedRowsSurviveTheApplication() {
    CrashesPart part = new CrashesPart(1, List.of(FaultTargets::redis, FaultTargets::sqlite));

    List<Figure> figures = part.run(true, new PrintWriter(new StringWriter(), true));

    assertThat(figures)
        .map(Figure::line)
        .satisfiesExactly(
            redis -> assertThat(redis).contains("backend=Redis").endsWith(" kept=true"),
            sqlite -> assertThat(sqlite).contains("backend=SQLite").endsWith(" kept=true"));
    assertThat(figures).map(Figure::line).noneMatch(line -> line.contains(" rows=0 "));
  }
}
