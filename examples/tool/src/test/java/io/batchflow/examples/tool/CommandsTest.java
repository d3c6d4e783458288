package io.batchflow.examples.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program prints and how it fails, with a catalog in memory or in H2. */
class CommandsTest {

  @TempDir private Path directory = Path.of("");

  private static void assertFails(Run run, int exitCode, String... parts) {
    assertThat(run.exitCode()).as(run.errors().toString()).isEqualTo(exitCode);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).singleElement().asString().contains(parts).doesNotContain("\tat ");
  }

  private static Place prepared() {
    Place place = Place.h2();
    place.json("init").json();
    return place;
  }

  @Test
  void theHelpNamesEveryCommandAndTheExitCodes() {
    Run run = Run.of(Map.of(), "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .contains("init", "table", "data", "monitor", "health", "load", "Exit codes:");
    assertThat(Run.of(Map.of(), "table", "--help").output())
        .contains("create", "list", "describe", "stats", "config", "drop");
    assertThat(Run.of(Map.of(), "data", "--help").output())
        .contains("count", "size", "cleanup", "backup", "restore");
    assertThat(Run.of(Map.of(), "table", "create", "--help").output())
        .contains("--catalog-password-file", "--output", "--if-not-exists", "--column");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tables list                                  | tables
          table                                        | subcommand
          table list                                   | --catalog or the variable BATCHFLOW_CATALOG
          table list --catalog mysql://host/db         | is unknown. Give memory
          table list --catalog r2dbc:nosuch://host/db  | is not an R2DBC URL of PostgreSQL
          table list --catalog memory --output xml     | --output
          table create --catalog memory                | TABLE
          table create t --catalog memory --set size=1 | Did you mean
          table create t --catalog memory --set share=2| share
          table create 1t --catalog memory             | name
          table create t --catalog memory --column id=uuid --set buffer_size=1 | --db
          data count --catalog memory                  | --db or the variable BATCHFLOW_DB
          data cleanup --catalog memory                | Name tables, or give --all
          data backup t --all --to x --catalog memory  | but not both
          data backup t --catalog memory               | --to
          monitor tables --catalog memory --count 0    | --count at least 1
          table list --catalog memory --catalog-password-file none | cannot be read (NoSuchFileException)
          """)
  void anInvalidCommandIsReportedInOneLine(String words, String named) {
    assertFails(Run.of(Map.of(), words.split(" ")), 2, named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          table describe orders       | has no table 'orders'. See 'batchflow table list'
          table drop orders           | has no table 'orders'
          table config orders --set buffer_size=1 | has no table 'orders'
          data count orders --db r2dbc:h2:mem:///none | has no table 'orders'
          """)
  void aMissingTableIsReportedWithTheRemedy(String words, String named) {
    assertFails(Run.of(Map.of("BATCHFLOW_CATALOG", "memory"), words.split(" ")), 4, named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r2dbc:postgresql://ada:s3cret@localhost:1/x",
        "r2dbc:nosuch://ada:a?s3cret#@@localhost/x",
        "redis://ada:s3cret@localhost:1",
        "redis://:s3cret@",
        "mysql://ada:s3cret@localhost/x"
      })
  void aPasswordIsNotShown(String url) {
    for (String command : new String[] {"table list", "health"}) {
      Run run = Run.of(Map.of("BATCHFLOW_CATALOG", url), command.split(" "));

      assertThat(run.exitCode()).isPositive().isNotEqualTo(Failure.UNEXPECTED);
      assertThat(run.errors() + run.output()).isNotBlank().doesNotContain("s3cret");
    }
  }

  @Test
  void aServerThatIsAwayIsReportedInOneLine() {
    String url = "r2dbc:postgresql://ada@localhost:1/x";

    assertFails(
        Run.of(Map.of("BATCHFLOW_CATALOG", url), "table", "list"), 5, "The database refused");
    Run health = Run.of(Map.of("BATCHFLOW_CATALOG", url), "health");
    assertThat(health.exitCode()).isEqualTo(1);
    assertThat(health.output()).contains("DOWN").contains("The database refused");
  }

  @Test
  void aCatalogThatWasNotInitializedIsReportedWithTheRemedy() {
    assertFails(Place.h2().run("table list"), 5, "'batchflow init' creates the tables");
  }

  @Test
  void aCatalogInMemoryHasTheTablesOfItsFile() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("tables.yaml"),
            """
            defaults:
              buffer_size: 1000
            tables:
              logs:
                flush_interval: 5s
            """);
    Place place =
        new Place(Map.of("BATCHFLOW_CATALOG", "memory", "BATCHFLOW_DB", "r2dbc:h2:mem:///x"), "");

    assertThat(place.json("table list --tables " + file).json().path("tables").toString())
        .isEqualTo(
            "[{\"name\":\"logs\",\"status\":\"ACTIVE\",\"buffer_size\":1000,\"flush_interval\":\"5s\","
                + "\"retention_days\":null,\"backup_enabled\":null}]");
    Files.writeString(file, "tables:\n  logs:\n    bufer_size: 1\n");
    assertFails(place.run("table list --tables " + file), 2, "line 3", "buffer_size");
  }

  @Test
  void healthIsUpWhenTheDatabaseHasAllTables() {
    Place place = prepared();
    place.json("table create orders --column id=bigint --key id").json();

    assertThat(place.json("health").json().path("status").asString()).isEqualTo("UP");
    assertThat(place.run("health").output()).contains("database").contains("H2");
  }

  @Test
  void tablesAndColumnsAreFoundWhateverTheirCase() {
    Place place = prepared();
    place.sql("CREATE TABLE orders (id INT, at TIMESTAMP)");
    place.sql("INSERT INTO orders VALUES (1, TIMESTAMP '2026-01-31 12:30:00')");
    place.json("table create orders --set properties.time_column=at").json();

    assertThat(place.json("table stats").json().path("tables").path(0).toString())
        .contains("\"record_count\":1", "\"oldest_record\":\"2026-01-31T12:30\"");
  }

  /** The "time column" is a name, which is no statistic. */
  @Test
  void aValueThatIsNoTimeIsNotShown() {
    Place place = prepared();
    place.sql("CREATE TABLE people (name VARCHAR)");
    place.sql("INSERT INTO people VALUES ('Ada')");
    place.json("table create people --set properties.time_column=name").json();

    Run run = place.json("table stats people");

    assertThat(run.json().path("tables").path(0).path("oldest_record").isNull()).isTrue();
    assertThat(run.output()).doesNotContain("Ada");
  }

  /** The message of H2 has the value, and so have those of other databases. */
  @Test
  void aValueOfARowIsInNoMessage() throws IOException {
    Place place = prepared();
    place.json("table create people --column id=bigint --column name=text --key id").json();
    place.sql("INSERT INTO \"people\" VALUES (1, 'Ada-Lovelace')");
    place.json("data backup people --to " + directory).json();
    place.sql("DELETE FROM \"people\"");
    place.sql("ALTER TABLE \"people\" ADD CHECK (\"name\" NOT LIKE 'Ada%')");

    Run run = place.run("data restore people --from " + directory.resolve("people"));

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.errors()).singleElement().asString().doesNotContain("Ada");
  }

  @Test
  void aCleanupOfATableWithoutRetentionIsRefused() {
    Place place = prepared();
    place.json("table create orders --column id=bigint --key id").json();

    assertFails(place.run("data cleanup orders"), 2, "--set retention_days=30");
    assertThat(place.json("data cleanup --all").json().path("tables")).isEmpty();
  }

  @Test
  void aCleanupGoesOnAfterATableThatFails() {
    Place place = prepared();
    place.json("table create broken --set retention_days=1 --column id=bigint").json();
    place
        .json(
            "table create fine --set retention_days=1 --set properties.time_column=at --column"
                + " at=timestamp")
        .json();

    Run run = place.json("data cleanup --all");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("\"fine\"").doesNotContain("\"broken\"");
    assertThat(run.errors())
        .singleElement()
        .asString()
        .startsWith("broken: ")
        .contains("created_at");
  }

  @Test
  void onlyTablesWithBackupAreBackedUpWithAll() {
    Place place = prepared();
    place.json("table create kept --set backup_enabled=true --column id=bigint --key id").json();
    place.json("table create other --column id=bigint --key id").json();

    assertThat(place.json("data backup --all --to " + directory).json().path("backups"))
        .singleElement()
        .satisfies(line -> assertThat(line.path("name").asString()).isEqualTo("kept"));
  }

  @Test
  void theOtherProgramIsACommand() {
    Run run = Run.of(Map.of(), "load", "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).contains("--on-conflict");
    assertFails(Run.of(Map.of(), "load", "--batch-size", "0"), 2, "must be 1 to 1,000,000");
    assertFails(Run.of(Map.of(), "load", "--nonsense"), 2, "--nonsense");
  }
}
