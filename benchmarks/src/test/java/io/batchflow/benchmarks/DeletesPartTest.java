package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class DeletesPartTest {

  @Test
  void theLastRowOfAKeyWinsOnEveryBackend() {
    List<Figure> figures = new DeletesPart().run(true, new PrintWriter(new StringWriter(), true));

    assertThat(figures).hasSize(5).map(Figure::line).allMatch(line -> line.endsWith(" kept=true"));
    assertThat(figures)
        .map(Figure::line)
        .filteredOn(line -> line.contains(" fault=proxy "))
        .singleElement()
        .asString()
        .contains(" backend=PostgreSQL ");
  }
}
