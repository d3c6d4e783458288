package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class RedisPartTest {

  @Test
  void everyWayWritesTheRows() {
    Scale small = new Scale(1_000, 100, 1_000, 500, 100, 0, 1);

    List<Figure> figures =
        new RedisPart(small).run(true, new PrintWriter(new StringWriter(), true));

    assertThat(figures)
        .map(Figure::line)
        .map(line -> line.replaceAll("RESULT bench=redis contest=(\\S+) way=(\\S+) .*", "$1 $2"))
        .containsExactly(
            "SET_NX flow",
            "SET_NX reactive_set_in_a_flatmap",
            "SET_NX dispatch_collection_by_hand",
            "SET flow",
            "SET dispatch_collection_by_hand");
  }
}
