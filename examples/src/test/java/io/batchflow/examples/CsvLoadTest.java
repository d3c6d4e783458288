package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CsvLoadTest {

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @EnumSource
  void quotedCommasQuotesAndLineBreaksAreStoredUnchanged(Database.Kind kind) {
    Database database = kind.in(directory);

    Run run =
        load(database, "id,text\n1,\"a, b\"\n2,\"two\nlines\"\n3,\"say \"\"hi\"\"\"\n", "--key=id");

    assertThat(run.exitCode()).isZero();
    assertThat(database.read("SELECT \"text\" FROM \"t\" ORDER BY \"id\""))
        .containsExactly(List.of("a, b"), List.of("two\nlines"), List.of("say \"hi\""));
  }

  @ParameterizedTest
  @EnumSource
  void tablesAndColumnsMayHaveAnyName(Database.Kind kind) {
    Database database = kind.in(directory);
    Path file = write("\uFEFForder,value,größe,名前,a b\n1,2,3,四,5\n");

    Run run = load(database, file, "--table=select", "--key=order");

    assertThat(run.exitCode()).isZero();
    assertThat(
            database.read(
                "SELECT \"order\", \"value\", \"größe\", \"名前\", \"a b\" FROM \"select\""))
        .containsExactly(List.of("1", "2", "3", "四", "5"));
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyFieldIsNullUnlessItIsQuoted(Database.Kind kind) {
    Database database = kind.in(directory);

    load(database, "id,text\n1,\n2,\"\"\n3,x\n", "--key=id");

    assertThat(database.read("SELECT \"text\" FROM \"t\" ORDER BY \"id\""))
        .containsExactly(row((String) null), row(""), row("x"));
  }

  @Test
  void aNewTableGetsTheNarrowestTypesThatKeepItsValues() {
    Database database = Database.Kind.H2.in(directory);

    load(
        database,
        """
        int,real,bool,date,time,zoned,zip,text,none
        1,1.5,true,2026-01-31,2026-01-31 12:30:00,2026-01-31T12:30:00Z,01234,a,
        -9,2000.0,FALSE,,2026-01-31T12:30:00.5,,99999,1,
        """);

    assertThat(
            database.read(
                "SELECT column_name, data_type FROM information_schema.columns"
                    + " WHERE table_name = 't' ORDER BY ordinal_position"))
        .containsExactly(
            row("int", "BIGINT"),
            row("real", "DOUBLE PRECISION"),
            row("bool", "BOOLEAN"),
            row("date", "DATE"),
            row("time", "TIMESTAMP"),
            row("zoned", "TIMESTAMP WITH TIME ZONE"),
            row("zip", "CHARACTER VARYING"),
            row("text", "CHARACTER VARYING"),
            row("none", "CHARACTER VARYING"));
    assertThat(database.read("SELECT \"int\", \"real\", \"bool\", \"zip\" FROM \"t\" ORDER BY 1"))
        .containsExactly(row("-9", "2000.0", "FALSE", "99999"), row("1", "1.5", "TRUE", "01234"));
  }

  @ParameterizedTest
  @EnumSource
  void numbersThatPrintDifferentlyStayText(Database.Kind kind) {
    Database database = kind.in(directory);
    load(database, "code,name\n1e5,a\n10e4,b\n2e5,c\n");
    assertThat(database.read("SELECT \"code\" FROM \"t\" ORDER BY \"name\""))
        .containsExactly(row("1e5"), row("10e4"), row("2e5"));
  }

  @ParameterizedTest
  @EnumSource
  void aRowWithoutAKeyIsRejectedWithItsLine(Database.Kind kind) {
    Database database = kind.in(directory);
    Run run =
        load(
            database,
            write("id,v\n,no key\n1,one\n2,two\n"),
            "--table=t",
            "--key=id",
            "--concurrency=1",
            "--max-delay=200ms");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errors()).contains("  line 2: the key column 'id' is empty");
    assertThat(database.read("SELECT \"v\" FROM \"t\" ORDER BY \"v\""))
        .containsExactly(row("one"), row("two"));
  }

  @Test
  void aGzipFileIsRead() throws IOException {
    Database database = Database.Kind.SQLITE.in(directory);
    Path file = directory.resolve("data.csv.gz");
    Files.write(file, packed("id,name\n1,Ada\n2,Bob\n"));

    Run run = load(database, file, "--table=t", "--key=id");

    assertThat(run.errors()).isEmpty();
    assertThat(database.read("SELECT * FROM t ORDER BY id"))
        .containsExactly(row("1", "Ada"), row("2", "Bob"));
  }

  @Test
  void standardInputIsReadAndLeavesNoFile() throws IOException {
    Database database = Database.Kind.SQLITE.in(directory);
    InputStream before = System.in;
    List<Path> filesBefore = temporaryFiles();
    System.setIn(new ByteArrayInputStream(packed("id,code\n1,007\n2,1e5\n")));
    try {
      Run run = load(database, Path.of("-"), "--table=t", "--key=id");

      assertThat(run.errors()).isEmpty();
      assertThat(database.read("SELECT * FROM t ORDER BY id"))
          .containsExactly(row("1", "007"), row("2", "1e5"));
      assertThat(temporaryFiles()).isEqualTo(filesBefore);
    } finally {
      System.setIn(before);
    }
  }

  private static List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("standard-input-"))
          .sorted()
          .toList();
    }
  }

  private static byte[] packed(String csv) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(csv.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aNewSqliteTableKeepsTimesAsWritten() {
    Database database = Database.Kind.SQLITE.in(directory);

    load(database, "id,real,bool,at\n1,1.5,true,2026-01-31 12:30:00\n");

    assertThat(database.read("SELECT type FROM pragma_table_info('t')"))
        .containsExactly(row("INTEGER"), row("REAL"), row("BOOLEAN"), row("TEXT"));
    assertThat(database.read("SELECT * FROM t"))
        .containsExactly(row("1", "1.5", "1", "2026-01-31 12:30:00"));
  }

  @Test
  void anExistingTableDefinesTheTypesWhateverTheCaseOfItsNames() {
    Database database = Database.Kind.H2.in(directory);
    database.run(
        "CREATE TABLE users (id INT PRIMARY KEY, code VARCHAR(9), price NUMERIC(9, 2), at"
            + " TIMESTAMP, uid UUID, raw VARBINARY(9), free VARCHAR(9) DEFAULT 'x')");

    Run run =
        load(
            database,
            write(
                """
                id,code,price,at,uid,raw
                1,42,9.90,2026-01-31 12:30:00,6f1c9a4e-0b1d-4d5e-9a51-0a2b3c4d5e6f,00ff
                """),
            "--table=users",
            "--key=id");

    assertThat(run.errors()).isEmpty();
    assertThat(run.output()).contains("The table has 1 row now.");
    assertThat(database.read("SELECT id, code, price, at, uid, RAWTOHEX(raw), free FROM users"))
        .containsExactly(
            row(
                "1",
                "42",
                "9.90",
                "2026-01-31 12:30:00",
                "6f1c9a4e-0b1d-4d5e-9a51-0a2b3c4d5e6f",
                "00ff",
                "x"));
  }

  @ParameterizedTest
  @EnumSource
  void rejectedRowsAreListedByLineAndAllOthersAreStored(Database.Kind kind) {
    Database database = kind.in(directory);
    database.run(
        "CREATE TABLE \"t\" (\"id\" INTEGER PRIMARY KEY, \"name\" VARCHAR(20) NOT NULL,"
            + " \"age\" INTEGER CHECK (\"age\" < 200))");

    Run run =
        load(
            database,
            """
            id,name,age
            1,"two
            lines",30
            2,Bob,old
            3,Cid
            4,,40
            5,Eve,500
            6,Fay,60
            7,Gus,70,more
            """,
            "--key=id");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errors()).hasSize(6);
    assertThat(run.errors())
        .startsWith(
            "5 rows were not stored:",
            "  line 4: column 'age' must be a 64-bit integer",
            "  line 5: it has 2 fields, but the header has 3")
        .endsWith("  line 9: it has 4 fields, but the header has 3");
    assertThat(run.errors().get(3)).startsWith("  line 6: ").containsIgnoringCase("NULL");
    assertThat(run.errors().get(4)).startsWith("  line 7: ").containsIgnoringCase("check");
    assertThat(database.read("SELECT \"id\" FROM \"t\" ORDER BY 1"))
        .containsExactly(row("1"), row("6"));
  }

  @Test
  void theFirstTwentyRejectedRowsAreListedAndTheOthersCounted() {
    Database database = Database.Kind.SQLITE.in(directory);
    database.run("CREATE TABLE t (id INTEGER PRIMARY KEY)");
    List<String> lines = new ArrayList<>(List.of("id"));
    IntStream.rangeClosed(2, 3_000).forEach(line -> lines.add(line % 2 == 0 ? "x" : "" + line));

    Run run = load(database, String.join("\n", lines), "--key=id");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errors()).startsWith("1,500 rows were not stored:").hasSize(22);
    assertThat(run.errors().get(1)).startsWith("  line 2: ");
    assertThat(run.errors().get(20)).startsWith("  line 40: ");
    assertThat(run.errors()).endsWith("  and 1,480 more");
    assertThat(database.read("SELECT COUNT(*) FROM t")).containsExactly(row("1499"));
  }

  @ParameterizedTest
  @EnumSource
  void anExistingRowIsTreatedByTheStrategy(Database.Kind kind) {
    assertThat(secondLoad(kind, "--on-conflict=update").stored()).isEqualTo("1 new old2");
    assertThat(secondLoad(kind, "--on-conflict=REPLACE").stored()).isEqualTo("1 new null");
    assertThat(secondLoad(kind, "--on-conflict=ignore").stored()).isEqualTo("1 old old2");
    SecondLoad failed = secondLoad(kind, "--on-conflict=fail");
    assertThat(failed.stored()).isEqualTo("1 old old2");
    assertThat(failed.run().errors()).startsWith("1 row was not stored:").hasSize(2);
    assertThat(secondLoad(kind).stored()).as("the default").isEqualTo("1 new old2");
  }

  private record SecondLoad(Run run, String stored) {}

  private SecondLoad secondLoad(Database.Kind kind, String... options) {
    Database database = kind.in(directory);
    database.run("DROP TABLE IF EXISTS \"t\"");
    load(database, "id,a,b\n1,old,old2\n", "--key=id");
    List<String> arguments = new ArrayList<>(List.of("--key=id"));
    arguments.addAll(List.of(options));
    Run run = load(database, "id,a\n1,new\n", arguments.toArray(new String[0]));
    return new SecondLoad(run, String.join(" ", database.read("SELECT * FROM \"t\"").get(0)));
  }

  @Test
  void withoutAKeyEveryLoadAddsRows() {
    Database database = Database.Kind.SQLITE.in(directory);

    load(database, "a\n1\n1\n");
    load(database, "a\n1\n");

    assertThat(database.read("SELECT COUNT(*) FROM t")).containsExactly(row("3"));
  }

  @Test
  void aKeyMayHaveSeveralColumns() {
    Database database = Database.Kind.SQLITE.in(directory);

    load(database, "a,b,c\n1,1,x\n1,2,x\n1,1,y\n", "--key=a,b");

    assertThat(database.read("SELECT a, b, c FROM t ORDER BY a, b"))
        .containsExactly(row("1", "1", "y"), row("1", "2", "x"));
  }

  @ParameterizedTest
  @EnumSource
  void theComparisonLeavesNothingBehind(Database.Kind kind) {
    Database database = kind.in(directory);
    String rows = IntStream.range(0, 999).mapToObj(i -> i + ",\n").collect(Collectors.joining());
    Path file = write("id,at\n" + rows + "1,2026-01-31T12:30:00\n");

    Run run = load(database, file, "--table=t", "--compare");
    Run withKey = load(database, file, "--table=keyed", "--key=id", "--compare");

    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).contains("over 1,000 rows;");
    assertThat(withKey.exitCode()).isZero();
    assertThat(database.read("SELECT COUNT(*) FROM \"t\"")).containsExactly(row("1000"));
    assertThat(database.read("SELECT COUNT(*) FROM \"keyed\"")).containsExactly(row("999"));
    Run scratch = load(database, file, "--table=batchflow_one_by_one");
    assertThat(scratch.output()).contains("The table has 1,000 rows now.");
    Run occupied = load(database, file, "--table=t", "--compare");
    assertThat(occupied.exitCode()).isEqualTo(2);
    assertThat(occupied.errors()).singleElement().asString().contains("already exists");
    assertThat(database.read("SELECT COUNT(*) FROM \"batchflow_one_by_one\""))
        .containsExactly(row("1000"));
  }

  @Test
  void aHeaderAloneMakesAnEmptyTable() {
    Database database = Database.Kind.SQLITE.in(directory);

    Run run = load(database, "id,name\n", "--compare");

    assertThat(run.exitCode()).isZero();
    assertThat(run.errors()).isEmpty();
    assertThat(database.read("SELECT COUNT(*) FROM t")).containsExactly(row("0"));
  }

  private Run load(Database database, String csv, String... options) {
    List<String> arguments = new ArrayList<>(List.of("--table=t"));
    arguments.addAll(List.of(options));
    return load(database, write(csv), arguments.toArray(new String[0]));
  }

  private static Run load(Database database, Path file, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("--db", database.url(), "--input", file.toString()));
    arguments.addAll(List.of(options));
    return Run.load(arguments.toArray(new String[0]));
  }

  private Path write(String csv) {
    try {
      return Files.writeString(directory.resolve("data.csv"), csv, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static List<@Nullable String> row(@Nullable String... cells) {
    return Arrays.asList(cells);
  }
}
