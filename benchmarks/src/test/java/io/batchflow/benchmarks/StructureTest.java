package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The core keeps the bounds of {@code benchmarks structure}. */
class StructureTest {

  @Test
  void theCoreKeepsTheBoundsOfItsStructure() {
    StringWriter printed = new StringWriter();

    assertThat(new StructurePart().run(true, new PrintWriter(printed, true)))
        .allSatisfy(figure -> assertThat(figure.isKept()).as(printed + figure.line()).isTrue());
  }
}
