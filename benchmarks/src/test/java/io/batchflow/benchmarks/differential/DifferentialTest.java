package io.batchflow.benchmarks.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tries some tables of a fixed seed in every build. The part {@code differential} tries thousands.
 */
class DifferentialTest {

  @Tag("server")
  @ParameterizedTest
  @CsvSource({"postgresql, 60", "mariadb, 25"})
  void aFlowHasTheResultOfPlainStatementsOnAServer(String backend, int tables) {
    hasNoDifference(backend, tables);
  }

  @ParameterizedTest
  @CsvSource({"sqlite, 200", "h2, 40"})
  void aFlowHasTheResultOfPlainStatements(String backend, int tables) {
    hasNoDifference(backend, tables);
  }

  private static void hasNoDifference(String backend, int tables) {
    StringWriter printed = new StringWriter();

    Differential.Found found =
        Differential.ofEverything(new PrintWriter(printed, true)).run(backend, 1, tables, 2);

    assertThat(found.differences()).as(printed.toString()).isZero();
  }

  @Test
  void aPlainRunThatSkipsARowIsFound() throws Exception {
    try (Backend backend = new ForgetfulBackend(H2Backend.open())) {
      Comparison comparison = new Comparison(backend);

      assertThat(CoverageTest.tables(backend, 10, new Coverage()))
          .anySatisfy(table -> assertThat(comparison.of(table)).isPresent());
    }
  }
}
