package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CsvLoadTest extends CsvLoadFixture {

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

  @Test
  void aNewSqliteTableKeepsTimesAsWritten() {
    Database database = Database.Kind.SQLITE.in(directory);

    load(database, "id,real,bool,at\n1,1.5,true,2026-01-31 12:30:00\n");

    assertThat(database.read("SELECT type FROM pragma_table_info('t')"))
        .containsExactly(row("INTEGER"), row("REAL"), row("BOOLEAN"), row("TEXT"));
    assertThat(database.read("SELECT * FROM t"))
        .containsExactly(row("1", "1.5", "1", "2026-01-31 12:30:00"));
  }
}
