package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One incident of each kind: a killed relay, a stopped relay, a killed database. */
@Tag("server")
class RelaysPartTest {

  @Test
  void noMessageIsLostOrOutOfOrder() {
    RelaysPart part = new RelaysPart(new RelaysRun.Size(3, 100));

    assertThat(part.run(true, new PrintWriter(new StringWriter(), true)))
        .singleElement()
        .satisfies(figure -> assertThat(figure.line()).endsWith(" kept=true"));
  }
}
