package io.batchflow.benchmarks.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A few tables of a fixed seed in every build; the part {@code differential} tries thousands. */
@Tag("server")
class DifferentialTest {

  private static final int TABLES = 20;

  /** Keys that only the database calls equal are left to the part: the flow still differs there. */
  private static final Set<Feature> FEATURES =
      EnumSet.complementOf(EnumSet.of(Feature.NEAR_KEYS, Feature.TRIGGER_DROPS));

  @Test
  void aFlowEndsAsPlainStatementsDo() {
    StringWriter printed = new StringWriter();

    Differential.Found found =
        new Differential(FEATURES, new PrintWriter(printed, true)).run("postgresql", 1, TABLES, 1);

    assertThat(found.differences()).as(printed.toString()).isZero();
  }
}
