package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchmarksTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(double measured, String... args) {
    Part fake =
        new Part() {
          @Override
          public String name() {
            return "fake";
          }

          @Override
          public String about() {
            return "a part that measures nothing";
          }

          @Override
          public List<Figure> run(boolean quick, PrintWriter table) {
            table.println(quick ? "quick" : "thorough");
            return List.of(
                new Figure("fake").with("way", "none").atMost("ns_per_row", measured, 150));
          }
        };
    return new CommandLine(new Benchmarks(List.of(fake)))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void withoutANameThePartsAreListed() {
    assertThat(run(1)).isZero();
    assertThat(out.toString()).contains("fake", "a part that measures nothing");
  }

  @Test
  void anUnknownNameIsReportedInOneLine() {
    assertThat(run(1, "other")).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains("'other'", "fake");
  }

  @Test
  void figuresArePrintedForMachines() {
    assertThat(run(99.5, "fake", "--quick")).isZero();
    assertThat(out.toString())
        .contains("quick")
        .contains("RESULT bench=fake way=none ns_per_row=99.50 ns_per_row_bound=150.00 kept=true");
  }

  @Test
  void aFigureThatMissesItsBoundFailsTheProgram() {
    assertThat(run(150.1, "fake")).isEqualTo(1);
    assertThat(out.toString()).contains("kept=false");
  }

  @Test
  void aMissingFigureIsAFailure() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Cost.of(Map.of(), "batchflow 1"))
        .withMessageContaining("batchflow 1");
  }

  @Test
  void oneFigureThatMissesItsBoundIsEnough() {
    Figure figure = new Figure("fake").atMost("first", 2, 1).atMost("second", 1, 1);

    assertThat(figure.isKept()).isFalse();
    assertThat(figure.line()).endsWith("second=1.00 second_bound=1.00 kept=false");
  }

  @Test
  void theRowsOfAProducerComeInRunsOfOneTable() {
    List<Schema> tables = Rows.tables(2);
    Rows<Row> rows = new Rows<>(tables, 10_000, new AtomicLong(), Function.identity());

    List<Schema> schemas = Stream.generate(rows::next).limit(3_000).map(Row::schema).toList();

    assertThat(schemas.subList(0, 1_000)).containsOnly(tables.get(0));
    assertThat(schemas.subList(1_000, 2_000)).containsOnly(tables.get(1));
    assertThat(schemas.subList(2_000, 3_000)).containsOnly(tables.get(0));
  }

  @Test
  void everyPartHasAName() {
    assertThat(new SubmitPart().name()).isEqualTo("submit");
    assertThat(new SubmitPart().about()).isNotBlank();
  }
}
