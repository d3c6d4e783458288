package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows of CSV files in new and existing tables: keys, conflicts and rejected rows. */
class CsvTableTest extends CsvLoadFixture {

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
}
