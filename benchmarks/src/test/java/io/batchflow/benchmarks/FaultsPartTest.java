package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsPartTest {

  @Test
  void serversAndNetworksThatFailLoseNothing() {
    FaultsPart.Size small = new FaultsPart.Size(40_000, 1, 1);

    List<Figure> figures =
        new FaultsPart(small).run(true, new PrintWriter(new StringWriter(), true));

    assertThat(figures).hasSize(15).allMatch(Figure::isKept);
    assertThat(figures)
        .map(Figure::line)
        .map(line -> line.replaceAll("RESULT bench=faults fault=(\\S+) backend=(\\S+) .*", "$2 $1"))
        .contains("PostgreSQL kill", "MariaDB kill", "MariaDB-mysql kill", "Redis kill", "H2 kill")
        .contains("PostgreSQL proxy_FAIL", "MariaDB proxy_FAIL", "MariaDB-mysql proxy_FAIL")
        .contains("Redis proxy_FAIL", "Redis proxy_UPDATE");
  }
}
