package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class UnusableInputTest {

  @TempDir private Path directory = Path.of("");

  private Path people = Path.of("");
  private String db = "";

  @BeforeEach
  void createFileAndDatabase() throws IOException {
    people = Files.writeString(directory.resolve("people.csv"), "id,name\n1,Ada\n");
    db = Database.Kind.SQLITE.in(directory).url();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --batch-size many          | --batch-size
          --batch-size 0             | --batch-size must be 1 to
          --concurrency -1           | --concurrency must be 1 to
          --max-delay soon           | is not a duration such as 20ms
          --max-delay -5ms           | --max-delay must be at least 0ms
          --on-conflict merge        | --on-conflict
          --nonsense                 | --nonsense
          --input people.csv         | --table
          --table t                  | --input
          --key id                   | --input
          """)
  void anInvalidOptionIsReportedInOneLine(String options, String named) {
    assertOneLine(Run.load(options.split(" ")), named);
  }

  @Test
  void aMissingFileIsReportedInOneLine() {
    assertOneLine(loadFile(directory.resolve("absent.csv")), "There is no file ", "absent.csv");
  }

  @Test
  void aDirectoryInsteadOfAFileIsReportedInOneLine() {
    assertOneLine(loadFile(directory), "is not a regular file");
  }

  @Test
  void anEmptyFileIsReportedInOneLine() throws IOException {
    assertOneLine(loadFile(write("")), "is empty");
  }

  @Test
  void aColumnWithoutANameIsReportedInOneLine() throws IOException {
    assertOneLine(loadFile(write("id,,name\n1,2,3\n")), "column 2 of the header has no name");
  }

  @Test
  void aColumnThatIsNamedTwiceIsReportedInOneLine() throws IOException {
    assertOneLine(loadFile(write("id,id\n1,2\n")), "names the column 'id' twice");
  }

  @Test
  void aFileInAnotherEncodingIsReportedInOneLine() throws IOException {
    Path latin = directory.resolve("latin.csv");
    Files.writeString(latin, "id,name\n1,Zoë\n", StandardCharsets.ISO_8859_1);

    assertOneLine(loadFile(latin), "latin.csv is not in UTF-8");
  }

  @Test
  void aMalformedQuoteIsReportedInOneLineAndNothingIsStored() throws IOException {
    assertOneLine(loadFile(write("id,name\n1,\"a\"b\n")), "line 2");

    assertThat(loadFile(people).output()).contains("The table has 1 row now.");
  }

  @Test
  void anOpenQuoteIsReportedWithTheLineWhereItBegins() throws IOException {
    assertOneLine(
        loadFile(write("id,name\n1,\"never closed\n2,b\n3,c\n")), "in line 2 is never closed");
    assertOneLine(
        loadFile(write("id,a,b\n0,x,y\n1,\"two\nlines\",\"open\n2,b,c")), "in line 4 is never");
    assertOneLine(loadFile(write("id,\"name\n1,a\n")), "in line 1 is never closed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void aFileInUtf16IsReportedWithAHint(String charset) throws IOException {
    Path file = directory.resolve("wide.csv");
    Files.writeString(file, "id,name\n1,Ada\n", Charset.forName(charset));
    assertOneLine(loadFile(file), "UTF-16", "iconv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id;name", "id\tname", "id|name"})
  void anotherDelimiterIsReportedWithAHint(String header) throws IOException {
    assertOneLine(loadFile(write(header + "\n1;Ada\n")), "separate the fields by commas");
  }

  @Test
  void anUnknownKeyColumnIsReportedInOneLine() {
    assertOneLine(loadFile(people, "--key", "nr"), "no column 'nr'", "id, name");
  }

  @Test
  void aStrategyWithoutItsKeyIsReportedInOneLine() {
    assertOneLine(loadFile(people, "--on-conflict", "update"), "--on-conflict", "--key");
  }

  @Test
  void aColumnThatTheTableLacksIsReportedInOneLine() throws IOException {
    loadFile(people);

    assertOneLine(loadFile(write("id,nmae\n1,Ada\n")), "no column 'nmae'", "id, name");
  }

  @Test
  void aKeyThatIsNotUniqueInTheTableEndsTheLoadWithOneLine() {
    Database.Kind.SQLITE.in(directory).run("CREATE TABLE people (id INTEGER, name TEXT)");

    Run run = loadFile(people, "--key", "id");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors())
        .singleElement()
        .asString()
        .contains("conflict key [id]", "unique constraint");
  }

  @ParameterizedTest
  @CsvSource({
    "oracle:thin, --db takes",
    "jdbc:h2:mem:x, --db takes",
    "jdbc:sqlite:/no/such/directory/x.db, /no/such/directory",
    "jdbc:sqlite::memory:, name a file",
    "r2dbc:nosuch:mem:///x, nosuch",
    "r2dbc:h2:tcp://localhost:1/x, No connection"
  })
  void anUnreachableDatabaseIsReportedInOneLine(String url, String named) {
    assertOneLine(Run.load("--db", url), named);
  }

  @Test
  void aFileThatIsNotADatabaseIsReportedInOneLine() {
    assertOneLine(Run.load("--db", "jdbc:sqlite:" + people), "not a database");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r2dbc:nosuch://ada:secret@localhost/x",
        "r2dbc:nosuch://ada:a?secret#@@localhost/x",
        "r2dbc:nosuch://localhost/x?password=secret"
      })
  void aPasswordIsNotShown(String url) {
    Run run = Run.load("--db", url);

    assertOneLine(run, "nosuch://localhost/x");
    assertThat(run.errors().toString()).doesNotContain("secret");
  }

  @Test
  void anUnexpectedErrorIsOneLineWithItsOwnExitCode() {
    StringWriter errors = new StringWriter();
    Callable<Integer> program =
        () -> {
          throw new StackOverflowError();
        };
    CommandLine command = Programs.of(CommandSpec.wrapWithoutInspection(program));

    int exitCode = command.setErr(new PrintWriter(errors)).execute();

    assertThat(exitCode).isEqualTo(3);
    assertThat(errors.toString().lines())
        .containsExactly("Unexpected failure: java.lang.StackOverflowError");
  }

  @Test
  void theHelpNamesEveryOptionAndTheExitCodes() {
    Run run = Run.load("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .contains("--db", "--input", "--table", "--key", "--on-conflict", "--batch-size")
        .contains("--max-delay", "--concurrency", "--compare", "--help", "Exit codes:");
  }

  private Run loadFile(Path file, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("--db", db, "--input", file.toString(), "--table", "people"));
    arguments.addAll(List.of(options));
    return Run.load(arguments.toArray(new String[0]));
  }

  private Path write(String csv) throws IOException {
    return Files.writeString(directory.resolve("data.csv"), csv);
  }

  private static void assertOneLine(Run run, String... parts) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).singleElement().asString().contains(parts).doesNotContain("\tat ");
  }
}
