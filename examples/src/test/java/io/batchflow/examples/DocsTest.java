package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Java and Kotlin snippets of the docs are parts of the examples, which the build compiles and
 * runs.
 */
class DocsTest {

  private static final Path PROJECT = Path.of("..");
  private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern KOTLIN = Pattern.compile("```kotlin\\n(.*?)```", Pattern.DOTALL);

  /** {@code NewApplicationTest} of the Spring Boot starter compiles and starts this one. */
  private static final String COMPILED_ELSEWHERE = "@SpringBootApplication";

  private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)");

  private static final Pattern ANCHOR = Pattern.compile("\\]\\((?!http)([^)#]*\\.md|)#([^)]+)\\)");

  private static List<Path> files(Path directory, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private static Stream<Path> docs() throws IOException {
    return Stream.concat(
        Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
            .map(PROJECT::resolve),
        files(PROJECT.resolve("docs"), ".md").stream());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String bare(String code) {
    return code.replaceAll("\\s+", "");
  }

  private static void assertSnippets(Pattern language, Stream<Path> files) throws IOException {
    List<String> sources = files.map(file -> bare(read(file))).toList();
    List<String> snippets =
        docs()
            .flatMap(file -> language.matcher(read(file)).results())
            .map(match -> bare(match.group(1)))
            .filter(snippet -> !snippet.contains(COMPILED_ELSEWHERE))
            .toList();

    assertThat(snippets).isNotEmpty();
    assertThat(snippets)
        .filteredOn(snippet -> sources.stream().noneMatch(source -> source.contains(snippet)))
        .as("snippets that stand in no example, without their white space")
        .isEmpty();
  }

  @Test
  void everySnippetIsPartOfTheExamples() throws IOException {
    assertSnippets(
        JAVA,
        Stream.of(
                files(Path.of("src"), ".java"),
                files(Path.of("webflux-ingest", "src"), ".java"),
                files(Path.of("flink", "src"), ".java"),
                files(Path.of("order-service", "src"), ".java"),
                files(PROJECT.resolve("extensions/spring-boot-starter-test/src/test"), ".java"))
            .flatMap(List::stream));
  }

  @Test
  void everySnippetOfKotlinIsPartOfItsExample() throws IOException {
    assertSnippets(KOTLIN, files(Path.of("kotlin", "src"), ".kt").stream());
  }

  /** The page links to the file of each snippet, so a reader finds the whole class. */
  @Test
  void everySnippetOfGettingStartedIsLinkedToItsFile() throws IOException {
    String page = read(PROJECT.resolve("docs/getting-started.md"));
    List<Path> sources = files(Path.of("src"), ".java");

    assertThat(JAVA.matcher(page).results().map(match -> bare(match.group(1))))
        .isNotEmpty()
        .allSatisfy(
            snippet ->
                assertThat(sources)
                    .filteredOn(source -> bare(read(source)).contains(snippet))
                    .anyMatch(source -> page.contains("](../examples/" + source + ")")));
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    assertThat(docs())
        .allSatisfy(
            file ->
                assertThat(LINK.matcher(read(file)).results().map(MatchResult::group))
                    .allSatisfy(
                        link -> assertThat(file.resolveSibling(link.substring(2))).exists()));
  }

  @Test
  void everyAnchorIsAHeadingOfItsPage() throws IOException {
    assertThat(docs())
        .allSatisfy(
            file ->
                assertThat(ANCHOR.matcher(read(file)).results())
                    .allSatisfy(
                        link -> {
                          Path page =
                              link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
                          assertThat(anchors(page)).contains(link.group(2));
                        }));
  }

  private static List<String> anchors(Path page) {
    return read(page)
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
        .toList();
  }

  @Test
  void theFirstStepsRun() {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      FirstSteps.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .startsWith("WriteResult[verdict=WRITTEN, batchSize=1, ")
        .endsWith("99999 rows stored\n");
  }
}
