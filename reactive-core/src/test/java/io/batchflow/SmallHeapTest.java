package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Tag("long")
class SmallHeapTest {

  private static final int ROWS = 10_000_000;

  @Test
  void tenMillionRowsPassThroughASlowWriterIn64Mebibytes() throws Exception {
    Process run =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home")
                        + File.separator
                        + "bin"
                        + File.separator
                        + "java",
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName()))
            .redirectErrorStream(true)
            .start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(run.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(output).endsWith("written " + ROWS + System.lineSeparator());
    assertThat(run.exitValue()).isZero();
  }

  /** Runs in its own JVM, with default options and a writer that is slower than the source. */
  static final class Program {

    private Program() {}

    public static void main(String[] args) {
      BatchFlow flow =
          BatchFlow.builder(
                  batch ->
                      Mono.delay(Duration.ofMillis(1))
                          .thenReturn(BatchResult.written(batch.size())))
              .build();
      long written =
          flow.submitAll(Flux.range(0, ROWS).map(Rows::event))
              .filter(Outcome::isWritten)
              .count()
              .blockOptional()
              .orElse(0L);
      flow.close().block();
      System.out.println("written " + written);
    }
  }
}
