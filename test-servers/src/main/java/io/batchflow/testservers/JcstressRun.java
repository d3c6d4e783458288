package io.batchflow.testservers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Runs jcstress, which wants virtual machines of its own, from a unit test. */
public final class JcstressRun {

  private static final String ANNOTATION = "JCStressTest";

  private JcstressRun() {}

  /**
   * Runs the tests nested in some classes of one package.
   *
   * @param directory where the report goes
   * @param millis how long each test runs in an iteration, of which there are two
   * @throws AssertionError with all that jcstress said, unless every test held
   */
  public static void of(Path directory, int millis, Class<?>... stress)
      throws IOException, InterruptedException {
    Process run =
        new ProcessBuilder(command(directory, millis, stress[0].getPackageName()))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    run.getOutputStream().close();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean held =
        run.waitFor() == 0
            && output.contains("Failed tests: No matches")
            && output.contains("Error tests: No matches")
            // A test that the harness leaves out must not pass for one that holds.
            && output.contains(
                "All remaining tests: " + testsIn(stress) + " matching test results");
    if (!held) {
      throw new AssertionError(output);
    }
  }

  private static List<String> command(Path directory, int millis, String tests) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "org.openjdk.jcstress.Main",
        "-t",
        tests.replace(".", "\\.") + "\\..*Stress\\.",
        "-m",
        "quick",
        "-iters",
        "2",
        "-time",
        String.valueOf(millis),
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
        "1",
        "-jvmArgs",
        "-Xmx256m -XX:+UseSerialGC",
        "-r",
        directory.toString());
  }

  private static long testsIn(Class<?>... stress) {
    return Stream.of(stress)
        .flatMap(each -> Arrays.stream(each.getClasses()))
        .filter(JcstressRun::isTest)
        .count();
  }

  private static boolean isTest(Class<?> type) {
    return Arrays.stream(type.getAnnotations())
        .anyMatch(each -> each.annotationType().getSimpleName().equals(ANNOTATION));
  }
}
