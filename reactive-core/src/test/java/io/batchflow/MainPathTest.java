package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The code follows the main path that docs/architecture.md lists. */
class MainPathTest {

  private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

  /** One line of the list: a file, and the methods that it uses. */
  private record Step(String file, List<String> next) {}

  private static List<Step> steps = List.of();
  private static Set<JavaClass> classes = Set.of();

  @BeforeAll
  static void read() throws IOException {
    List<String> page = Files.readAllLines(Path.of("..", "docs", "architecture.md"));
    steps =
        page.stream()
            .dropWhile(line -> !line.equals("## The main path"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("| `"))
            .map(MainPathTest::step)
            .toList();
    classes =
        Set.copyOf(
            new ClassFileImporter()
                .importUrl(BatchFlow.class.getProtectionDomain().getCodeSource().getLocation()));
  }

  private static Step step(String line) {
    String[] cells = line.split("\\|", -1);
    return new Step(names(cells[1]).get(0), names(cells[3]));
  }

  private static List<String> names(String cell) {
    Matcher matcher = NAME.matcher(cell);
    List<String> names = new ArrayList<>();
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  @Test
  void tenFilesLeadFromSubmitToTheOutcome() {
    assertThat(steps).hasSizeBetween(5, 10);
    assertThat(steps.get(0).file).isEqualTo("BatchFlow");
    assertThat(steps.get(steps.size() - 1).next).containsExactly("Submission.tell");
  }

  @Test
  void eachFileGoesOnWithWhatTheListSays() {
    for (Step step : steps) {
      assertThat(usedBy(step.file)).as(step.file).containsAll(step.next);
    }
  }

  /** A file that passes rows through the inbox is used by the file that takes them out. */
  @Test
  void eachFileIsReachedFromTheOnesBeforeIt() {
    for (int i = 1; i < steps.size(); i++) {
      String file = steps.get(i).file;
      List<Step> before = steps.subList(0, i);
      boolean reached =
          before.stream().flatMap(step -> step.next.stream()).anyMatch(to -> isOf(file, to))
              || steps.get(i).next.stream()
                  .anyMatch(from -> before.stream().anyMatch(step -> isOf(step.file, from)));
      assertThat(reached).as(file).isTrue();
    }
  }

  private static boolean isOf(String file, String method) {
    return method.startsWith(file + ".");
  }

  /** Returns the methods that a file uses, including those of its nested classes. */
  private static Set<String> usedBy(String file) {
    return classes.stream()
        .filter(type -> outermost(type).equals(file))
        .flatMap(
            type ->
                Stream.concat(
                    type.getMethodCallsFromSelf().stream(),
                    type.getMethodReferencesFromSelf().stream()))
        .map(MainPathTest::target)
        .collect(Collectors.toSet());
  }

  private static String target(JavaCodeUnitAccess<?> access) {
    return outermost(access.getTargetOwner()) + "." + access.getName();
  }

  private static String outermost(JavaClass type) {
    String name = type.getName();
    return name.substring(name.lastIndexOf('.') + 1).replaceFirst("\\$.*", "");
  }
}
