package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.benchmarks.KafkaPart.Size;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The archive of the connector in the plugin path of a real worker, beside another sink. The speed
 * is not tested here. {@code mvn package} lays out the worker.
 */
@Tag("server")
class KafkaPartTest {

  @Test
  void everySinkIsMeasured() {
    StringWriter table = new StringWriter();

    List<Figure> figures =
        new KafkaPart(new Size(4_000, 4_000, 2_000, 0, 1)).run(true, new PrintWriter(table, true));

    assertThat(figures.stream().map(Figure::line))
        .as(table.toString())
        .hasSize(11)
        .anyMatch(line -> line.contains("contest=upsert sink=debezium_unnest records_s="))
        .anyMatch(line -> line.contains("contest=upsert sink=nothing cpu_us="))
        .anyMatch(
            line ->
                line.contains("contest=poison sink=batchflow ")
                    && line.contains(" letters=4 ")
                    && line.endsWith(" kept=true"))
        .anyMatch(
            line ->
                line.contains("contest=hot_keys sink=batchflow ") && line.endsWith("kept=true"));
  }
}
