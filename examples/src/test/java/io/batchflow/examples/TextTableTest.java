package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void textIsAlignedLeftAndNumbersRight() {
    TextTable table =
        new TextTable(
            List.of("name", "n"),
            List.of(List.of("Ada", 7), Arrays.asList("Bo", null, 0), List.of("C", 1234)));

    assertThat(table.lines())
        .containsExactly("name     n", "----  ----", "Ada      7", "Bo", "C     1234");
  }

  @Test
  void wideCharactersCountTwice() {
    TextTable table =
        new TextTable(List.of("a", "b"), List.of(List.of("名前", "x"), List.of("abcd", "y")));

    assertThat(table.lines()).containsExactly("a     b", "----  -", "名前  x", "abcd  y");
  }

  @Test
  void longTextIsCutToOneLine() {
    TextTable table =
        new TextTable(List.of("a"), List.of(List.of("x\ny"), List.of("z".repeat(99))));

    assertThat(table.lines()).contains("x y", "z".repeat(33) + "...");
  }
}
