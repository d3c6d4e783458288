package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SpringDataPartTest {

  private static final Scale SMALL = new Scale(200, 50, 0, 0, 200, 0, 1);

  @Test
  void everyWayWritesTheEntitiesAndIsComparedWithTheFlow() {
    List<Figure> figures =
        new SpringDataPart(SMALL).run(true, new PrintWriter(new StringWriter(), true));

    assertThat(figures.stream().map(Figure::line))
        .map(
            line ->
                line.replaceAll("RESULT bench=spring-data contest=(\\S+) way=(\\S+) .*", "$1 $2"))
        .containsExactly(
            "new_entities submitall",
            "new_entities saveall_in_batches",
            "new_entities plain_saveall",
            "new_entities plain_saveall_in_a_transaction",
            "stored_entities upsertall",
            "stored_entities plain_saveall",
            "stored_entities plain_saveall_in_a_transaction");
    assertThat(figures)
        .filteredOn(figure -> figure.line().contains("saveall"))
        .allSatisfy(figure -> assertThat(figure.line()).contains(" flow_ratio="));
  }
}
