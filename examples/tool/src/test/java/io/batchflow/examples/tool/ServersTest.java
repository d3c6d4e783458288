package io.batchflow.examples.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Every command, with the catalog on PostgreSQL and on Redis, and the rows on PostgreSQL. */
@Tag("server")
class ServersTest {

  /** Where the catalog is. */
  enum Catalog {
    POSTGRES,
    REDIS
  }

  private static final String NAME = UUID.randomUUID().toString();
  private static final Map<Catalog, TestDatabase> DATABASES = new EnumMap<>(Catalog.class);

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  static void start() throws SQLException {
    for (Catalog catalog : Catalog.values()) {
      DATABASES.put(catalog, TestDatabase.on(TestServers.postgres()));
      assertThat(run(catalog, "init").exitCode()).isZero();
    }
  }

  @AfterAll
  static void stop() throws SQLException {
    for (TestDatabase database : DATABASES.values()) {
      database.close();
    }
  }

  private static Place place(Catalog catalog) {
    TestServer rows = DATABASES.get(catalog).server();
    return catalog == Catalog.REDIS ? Place.redis(TestServers.redis(), rows) : Place.postgres(rows);
  }

  private static Run run(Catalog catalog, String words) {
    return place(catalog).json(words, "--catalog-name", NAME);
  }

  /** Creates a table whose rows have the ids from 1 on. Every second row is 40 days old. */
  private static void create(Catalog catalog, String table, int rows) {
    run(
            catalog,
            "table create "
                + table
                + " --set retention_days=30 --set properties.time_column=at --set"
                + " backup_enabled=true --column id=bigint --column at=timestamp --key id")
        .json();
    place(catalog)
        .sql(
            "INSERT INTO \"%s\" SELECT i, now() - (i %% 2) * interval '40 days' FROM generate_series(1, %d) i"
                .formatted(table, rows));
  }

  private static long count(Catalog catalog, String table) {
    return place(catalog).sql("SELECT COUNT(*) FROM \"" + table + "\"");
  }

  @ParameterizedTest
  @EnumSource
  void aTableIsCreatedShownAndDropped(Catalog catalog) {
    JsonNode created =
        run(
                catalog,
                "table create shown --set buffer_size=5000 --set flush_interval=10s --set"
                    + " properties.owner=sales")
            .json();

    assertThat(created.path("config").path("buffer_size").asInt()).isEqualTo(5_000);
    assertThat(run(catalog, "table describe shown").json()).isEqualTo(created);
    assertThat(run(catalog, "table list sho*").json().path("tables"))
        .singleElement()
        .satisfies(line -> assertThat(line.path("flush_interval").asString()).isEqualTo("10s"));
    assertThat(run(catalog, "table create shown").exitCode()).isEqualTo(4);
    assertThat(run(catalog, "table create shown --if-not-exists").json()).isEqualTo(created);
    assertThat(run(catalog, "table drop shown").json().path("dropped").asBoolean()).isTrue();
    assertThat(run(catalog, "table drop shown").exitCode()).isEqualTo(4);
    assertThat(run(catalog, "table drop shown --if-exists").json().path("dropped").asBoolean())
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aTableIsChangedUnlessSomebodyElseDidMeanwhile(Catalog catalog) {
    long generation =
        run(catalog, "table create changed --set buffer_size=1 --set share=0.5")
            .json()
            .path("generation")
            .asLong();

    JsonNode changed =
        run(
                catalog,
                "table config changed --set buffer_size=2 --unset share --status paused"
                    + " --generation "
                    + generation)
            .json();

    assertThat(changed.path("config").toString()).isEqualTo("{\"buffer_size\":2}");
    assertThat(changed.path("status").asString()).isEqualTo("PAUSED");
    Run late = run(catalog, "table config changed --set buffer_size=3 --generation " + generation);
    assertThat(late.exitCode()).isEqualTo(4);
    assertThat(late.errors()).singleElement().asString().contains("changed or dropped");
    assertThat(run(catalog, "table config changed").json().path("settings").path(0).toString())
        .isEqualTo("{\"setting\":\"buffer_size\",\"value\":2,\"from\":\"table\"}");
  }

  @ParameterizedTest
  @EnumSource
  void aCascadingDropDeletesTheRows(Catalog catalog) {
    create(catalog, "cascaded", 7);

    JsonNode dropped = run(catalog, "table drop cascaded --cascade").json();

    assertThat(dropped.path("deleted_rows").asLong()).isEqualTo(7);
    assertThat(count(catalog, "cascaded")).isZero();
    assertThat(run(catalog, "table describe cascaded").exitCode()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreCountedAndMeasured(Catalog catalog) {
    create(catalog, "counted", 12);

    JsonNode stats = run(catalog, "table stats counted").json().path("tables").path(0);

    assertThat(stats.path("record_count").asLong()).isEqualTo(12);
    assertThat(stats.path("size_bytes").asLong()).isPositive();
    assertThat(stats.path("oldest_record").asString())
        .startsWith("20")
        .isLessThan(stats.path("newest_record").asString());
    assertThat(run(catalog, "data count counted").json().toString())
        .isEqualTo("{\"tables\":[{\"name\":\"counted\",\"record_count\":12}]}");
    assertThat(run(catalog, "data size counted").json().path("tables").path(0).path("size_bytes"))
        .isEqualTo(stats.path("size_bytes"));
  }

  @ParameterizedTest
  @EnumSource
  void oldRowsAreDeleted(Catalog catalog) {
    create(catalog, "cleaned", 10);

    JsonNode counted = run(catalog, "data cleanup cleaned --dry-run").json();
    assertThat(counted.path("tables").path(0).path("deleted_rows").asLong()).isEqualTo(5);
    assertThat(count(catalog, "cleaned")).isEqualTo(10);

    JsonNode deleted = run(catalog, "data cleanup cleaned").json();
    assertThat(deleted.path("tables").path(0).path("deleted_rows").asLong()).isEqualTo(5);
    assertThat(count(catalog, "cleaned")).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreBackedUpAndRestored(Catalog catalog) {
    create(catalog, "kept", 8);

    JsonNode written = run(catalog, "data backup kept --to " + directory).json().path("backups");

    assertThat(written).singleElement().satisfies(line -> assertThat(rows(line)).isEqualTo(8));
    place(catalog).sql("DELETE FROM \"kept\"");
    assertThat(rows(run(catalog, "data restore kept --from " + directory + "/kept").json()))
        .isEqualTo(8);
    assertThat(count(catalog, "kept")).isEqualTo(8);
    assertThat(run(catalog, "data restore kept --from " + directory + "/kept").errors())
        .singleElement()
        .asString()
        .contains("not empty");
  }

  private static long rows(JsonNode report) {
    return report.path("record_count").asLong();
  }

  @ParameterizedTest
  @EnumSource
  void tablesAreWatched(Catalog catalog) {
    create(catalog, "watched", 9);

    // The statistics of PostgreSQL are late.
    Run run;
    long last = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    do {
      run = run(catalog, "monitor table watched --interval 0.1 --count 2");
      assertThat(run.exitCode()).isZero();
    } while (!run.output().contains("\"about_rows\":9,\"writes_per_second\":0.0")
        && System.nanoTime() < last);
    assertThat(run.output()).contains("\"about_rows\":9,\"writes_per_second\":0.0");

    assertThat(run.output().lines()).hasSize(2);
    assertThat(run(catalog, "monitor tables wat* --count 1").output())
        .contains("\"name\":\"watched\",\"status\":\"ACTIVE\"");
  }

  @ParameterizedTest
  @EnumSource
  void healthIsDegradedWhileATableIsMissing(Catalog catalog) {
    run(catalog, "table create absent").json();

    Run degraded = run(catalog, "health");

    assertThat(degraded.exitCode()).isEqualTo(1);
    assertThat(degraded.output()).contains("\"DEGRADED\"").contains("absent");
    Run counted = run(catalog, "data count absent");
    assertThat(counted.exitCode()).isEqualTo(1);
    assertThat(counted.errors())
        .singleElement()
        .asString()
        .startsWith("Not in the database: absent");
    run(catalog, "table drop absent").json();
  }

  @Test
  void aCatalogInRedisIsReachedWithThePasswordOfAFile() throws IOException {
    TestServer server = TestServers.redis();
    RedisClient client = RedisClient.create(RedisURI.create(server.host(), server.port()));
    client
        .connect()
        .sync()
        .aclSetuser(
            "ann",
            io.lettuce.core.AclSetuserArgs.Builder.on()
                .addPassword("s3cret")
                .allKeys()
                .allCommands());
    client.shutdown();
    Path right = Files.writeString(directory.resolve("right"), "s3cret\n");
    Path wrong = Files.writeString(directory.resolve("wrong"), "wr0ng\n");
    String list =
        "table list --catalog redis://ann@%s:%d --catalog-name none --catalog-password-file "
            .formatted(server.host(), server.port());

    assertThat(Run.of(Map.of(), (list + right).split(" ")).exitCode()).isZero();

    Run refused = Run.of(Map.of(), (list + wrong).split(" "));
    assertThat(refused.exitCode()).isEqualTo(5);
    assertThat(refused.errors())
        .singleElement()
        .asString()
        .contains("WRONGPASS")
        .doesNotContain("wr0ng");
  }
}
