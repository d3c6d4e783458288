package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.benchmarks.ServicePart.Size;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every way stores what it was sent, or the part fails. Their speed is not tested here. */
@Tag("server")
class ServicePartTest {

  @Test
  void everyWayStoresItsEvents() {
    List<Figure> figures =
        new ServicePart(new Size(1, Duration.ofSeconds(1), 10_000))
            .run(false, new PrintWriter(new StringWriter()));

    assertThat(figures.stream().map(Figure::line))
        .hasSize(4)
        .anyMatch(line -> line.contains("way=none") && line.contains(" wrong=0"))
        .anyMatch(line -> line.contains("way=plain") && line.contains(" wrong=0"))
        .anyMatch(line -> line.contains("way=flow") && line.contains(" wrong=0"))
        .anyMatch(line -> line.contains("way=ndjson") && line.contains(" lines=10000 "));
  }
}
