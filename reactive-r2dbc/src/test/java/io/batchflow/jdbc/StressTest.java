package io.batchflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.annotations.JCStressTest;

class StressTest {

  @Test
  void noInterleavingBreaksTheQueue(@TempDir Path directory) throws Exception {
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                "io\\.batchflow\\.jdbc\\..*Stress\\.",
                "-m",
                "quick",
                "-iters",
                "2",
                "-time",
                "100",
                // As few virtual machines as may be: no compiler modes, no affinities, no repeats.
                "-c",
                "2",
                "-sc",
                "false",
                "-af",
                "NONE",
                "-f",
                "1",
                "-fsm",
                "0",
                "-jvmArgs",
                "-Xmx256m -XX:+UseSerialGC",
                "-r",
                directory.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    run.getOutputStream().close();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(run.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("Failed tests: No matches", "Error tests: No matches")
        .contains("All remaining tests: " + tests() + " matching test results");
  }

  /** A test that the harness leaves out must not pass for one that holds. */
  private static long tests() {
    return Arrays.stream(JdbcQueueStress.class.getClasses())
        .filter(test -> test.isAnnotationPresent(JCStressTest.class))
        .count();
  }
}
