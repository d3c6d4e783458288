package io.batchflow.jcstress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.TestGrading;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.NodeType;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.vm.CompileMode;

/**
 * Runs jcstress from a unit test. All tests run in one JVM. jcstress itself would start two for
 * each test. The tested code is compiled once, so most of the time is spent on samples.
 */
public final class JcstressRun {

  private static final List<String> FLAGS =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          // Allow any order of instructions that the memory model allows.
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:+StressLCM",
          "-XX:+StressGCM");

  /** How long each test runs, in milliseconds; longer in the nightly build. */
  private static final int MILLIS = Integer.getInteger("batchflow.test.stress.millis", 1_000);

  private JcstressRun() {}

  /**
   * Runs the nested tests of some classes.
   *
   * @throws AssertionError with the result of every test, unless all tests passed
   */
  public static void of(Class<?>... stress) throws IOException, InterruptedException {
    Process run = new ProcessBuilder(command(stress)).redirectErrorStream(true).start();
    run.getOutputStream().close();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (run.waitFor() != 0) {
      throw new AssertionError(output);
    }
  }

  private static List<String> command(Class<?>... stress) {
    Stream<String> java =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"));
    Stream<String> arguments = Stream.of(JcstressRun.class.getName(), String.valueOf(MILLIS));
    Stream<String> names = Stream.of(stress).map(Class::getName);
    return Stream.of(java, FLAGS.stream(), arguments, names).flatMap(each -> each).toList();
  }

  /**
   * The main method of the other JVM. The arguments are the time for each test and the class names.
   */
  public static void main(String[] args) throws Exception {
    Options options = options(args[0]);
    boolean held = true;
    for (String name : List.of(args).subList(1, args.length)) {
      List<String> tests = testsIn(Class.forName(name));
      held &= !tests.isEmpty();
      for (String test : tests) {
        held &= holds(test, options);
      }
    }
    System.exit(held ? 0 : 1); // even if a test left threads behind
  }

  private static Options options(String millis) throws IOException {
    Options options =
        new Options(
            new String[] {
              "-time",
              millis,
              "-iters",
              "1",
              // Few states at a time, so that they fit into the caches.
              "-strideSize",
              "64",
              "-strideCount",
              "4",
              // A waiting actor yields, as both actors may share one core.
              "-spinStyle",
              "THREAD_YIELD"
            });
    if (!options.parse()) {
      throw new IllegalArgumentException(millis);
    }
    return options;
  }

  private static List<String> testsIn(Class<?> stress) {
    return Arrays.stream(stress.getClasses())
        .filter(type -> type.isAnnotationPresent(JCStressTest.class))
        .map(Class::getCanonicalName)
        .sorted()
        .toList();
  }

  private static boolean holds(String test, Options options) throws ReflectiveOperationException {
    TestInfo info = TestList.getInfo(test);
    SchedulingClass anywhere =
        new SchedulingClass(AffinityMode.NONE, info.threads(), NodeType.PACKAGE);
    TestConfig config = new TestConfig(options, info, 0, List.of(), CompileMode.UNIFIED, anywhere);
    Runner<?> runner =
        Class.forName(info.generatedRunner())
            .asSubclass(Runner.class)
            .getConstructor(ForkedTestConfig.class)
            .newInstance(new ForkedTestConfig(config));
    TestResult result = runner.run();
    result.setConfig(config);
    TestGrading grading = TestGrading.grade(result);
    System.out.println((grading.isPassed ? "held    " : "FAILED  ") + test);
    result
        .getStateKeys()
        .forEach(state -> System.out.println("  " + result.getCount(state) + " x " + state));
    result.getMessages().forEach(System.out::println);
    return grading.isPassed;
  }
}
