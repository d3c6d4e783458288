package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressTest {

  @Test
  void noInterleavingBreaksTheEngine(@TempDir Path directory) throws Exception {
    Process run =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home")
                        + File.separator
                        + "bin"
                        + File.separator
                        + "java",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "org.openjdk.jcstress.Main",
                    "-t",
                    "EngineStress",
                    "-m",
                    "quick",
                    "-iters",
                    "3",
                    "-jvmArgs",
                    "-Xmx512m -XX:+UseSerialGC",
                    "-r",
                    directory.toString()))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    run.getOutputStream().close();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(run.waitFor()).as(output).isZero();
    Matcher results =
        Pattern.compile("Results: (\\d+) planned; (\\d+) passed, 0 failed").matcher(output);
    String last = "none";
    while (results.find()) {
      last = results.group(1).equals(results.group(2)) ? "all passed" : results.group();
    }
    assertThat(last).as(output).isEqualTo("all passed");
  }
}
