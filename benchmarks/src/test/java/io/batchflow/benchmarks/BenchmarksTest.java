package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
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
  void anUnknownNameIsOneLine() {
    assertThat(run(1, "other")).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains("'other'", "fake");
  }

  @Test
  void figuresAreALineForMachines() {
    assertThat(run(99.5, "fake", "--quick")).isZero();
    assertThat(out.toString())
        .contains("quick")
        .contains("RESULT bench=fake way=none ns_per_row=99.50 ns_per_row_bound=150.00 kept=true");
  }

  @Test
  void aFigureThatFallsShortFailsTheProgram() {
    assertThat(run(150.1, "fake")).isEqualTo(1);
    assertThat(out.toString()).contains("kept=false");
  }

  @Test
  void thePartsThatThereAreHaveNames() {
    assertThat(new SubmitPart().name()).isEqualTo("submit");
    assertThat(new SubmitPart().about()).isNotBlank();
  }
}
