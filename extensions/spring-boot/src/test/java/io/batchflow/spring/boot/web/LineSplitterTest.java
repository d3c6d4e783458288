package io.batchflow.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class LineSplitterTest {

  private static final NdjsonProperties LIMITS =
      new NdjsonProperties(
          DataSize.ofBytes(5), DataSize.ofKilobytes(1), 1, 1, Duration.ofSeconds(1));

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "a", "a\n", "a\nbc\n\n\nabcde\nx\r\n", "\n\nabcde\nabcde"})
  void linesDoNotDependOnHowABodyIsCutIntoParts(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    for (int size = 1; size <= bytes.length + 1; size++) {
      List<String> lines = new ArrayList<>();
      LineSplitter splitter = new LineSplitter(LIMITS);
      for (int from = 0; from < bytes.length; from += size) {
        byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
        splitter.split(part).forEach(line -> lines.add(line.number() + text(line)));
      }
      Line last = splitter.last();
      if (last != null) {
        lines.add(last.number() + text(last));
      }

      assertThat(lines).as("parts of %d bytes", size).isEqualTo(expected(body));
    }
  }

  private static String text(Line line) {
    return new String(line.content(), StandardCharsets.UTF_8);
  }

  private static List<String> expected(String body) {
    List<String> lines = new ArrayList<>();
    for (String line : body.split("\n", -1)) {
      lines.add((lines.size() + 1) + line);
    }
    if (lines.get(lines.size() - 1).equals(String.valueOf(lines.size()))) {
      lines.remove(lines.size() - 1);
    }
    return lines;
  }
}
