package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class FaultsPartTest {

  @Test
  void serversAndNetworksThatFailLoseNothing() {
    FaultsPart.Size small = new FaultsPart.Size(40_000, 1, 1, 1);

    List<Figure> figures =
        new FaultsPart(small).run(true, new PrintWriter(new StringWriter(), true));

    assertThat(figures).hasSize(19);
    assertThat(figures)
        .map(Figure::line)
        .map(line -> line.replaceAll("RESULT bench=faults fault=(\\S+) backend=(\\S+) .*", "$2 $1"))
        .contains("PostgreSQL kill", "MariaDB kill", "MariaDB-mysql kill", "Redis kill", "H2 kill")
        .contains("PostgreSQL proxy_FAIL", "MariaDB proxy_FAIL", "MariaDB-mysql proxy_FAIL")
        .contains("Redis proxy_FAIL", "Redis proxy_UPDATE")
        .contains("PostgreSQL bad_rows", "H2 bad_rows");
    // The program measures the speed. A test must not.
    assertThat(figures)
        .map(Figure::line)
        .allMatch(
            line ->
                line.contains("share_of_speed")
                    ? line.contains(" false=0.00 ")
                    : line.endsWith(" kept=true"));
  }
}
