package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ten seconds of what the program does for half an hour: nothing is lost or wrongly reported. */
@Tag("server")
class SoakPartTest {

  @Test
  void aFlowOverANetworkThatFailsLosesNothing() {
    List<Figure> figures =
        new SoakPart(Duration.ofSeconds(10)).run(true, new PrintWriter(new StringWriter(), true));

    assertThat(figures)
        .singleElement()
        .extracting(Figure::line)
        .asString()
        .contains(" not_written=0.00 ", " false=0.00 ");
  }
}
