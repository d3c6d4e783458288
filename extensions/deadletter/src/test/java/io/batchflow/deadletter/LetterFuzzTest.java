package io.batchflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Every text is read as a dead letter, or is rejected without any of its content. */
@Tag("fuzz")
class LetterFuzzTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String PLACE = "(, at character \\d+)?";

  private static final String REMEDY =
      "\\. Correct the text, or replay it with a Schema that fits\\.";

  @FuzzTest
  void anyTextIsALetterOrRejected(byte[] content) {
    try {
      DeadLetter letter = DeadLetter.parse(text(content));
      assertThat(DeadLetter.parse(letter.toJson())).isEqualTo(letter);
      assertThat(letter.columns()).doesNotContainNull();
    } catch (DeadLetterFormatException rejected) {
      assertThat(rejected).hasNoCause();
      assertThat(rejected.getMessage()).matches("A text is not a dead letter" + PLACE + REMEDY);
    }
  }

  @FuzzTest
  void anyFileIsReadUpToTheFirstInvalidLine(byte[] content) throws IOException {
    Path file = Files.createTempFile("letters", ".jsonl");
    List<DeadLetter> letters = new ArrayList<>();
    try {
      Files.write(file, content);
      DeadLetterFile.open(file).close();
      assertThat(Files.readAllBytes(file)).isEqualTo(wholeLines(content));

      DeadLetterFile.read(file).doOnNext(letters::add).blockLast(PATIENCE);
    } catch (DeadLetterFormatException rejected) {
      assertThat(rejected).hasNoCause();
      assertThat(rejected.getMessage())
          .matches(
              file.getFileName()
                  + ", line "
                  + (letters.size() + 1)
                  + ": A text is (not in UTF-8|not a dead letter"
                  + PLACE
                  + ")"
                  + REMEDY);
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] wholeLines(byte[] content) {
    int end = content.length;
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    return Arrays.copyOf(content, end);
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }
}
