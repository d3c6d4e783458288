package io.batchflow.r2dbc.retention;

import static io.batchflow.r2dbc.retention.RetentionScene.get;
import static io.batchflow.r2dbc.retention.SqliteEvents.KEEP;
import static io.batchflow.r2dbc.retention.SqliteEvents.OLD;
import static io.batchflow.r2dbc.retention.SqliteEvents.YOUNG;
import static io.batchflow.r2dbc.retention.SqliteEvents.ago;
import static io.batchflow.r2dbc.retention.SqliteEvents.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableSettings;
import io.batchflow.jdbc.catalog.JdbcCatalogStore;
import io.batchflow.r2dbc.lease.LeaseDatabase;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import io.batchflow.sql.SqlWriteException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Runs on SQLite work in steps, wait for other writers, and refuse what does not fit. */
class SqliteRunsTest {

  private SqliteEvents events = SqliteEvents.in(Path.of(""));

  @BeforeEach
  void open(@TempDir Path directory) {
    events = SqliteEvents.in(directory);
  }

  private Retention retention() {
    return Retention.create(events.source());
  }

  @Test
  void manyRowsAreDeletedInSmallTransactions() {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time TEXT)");
    List<String> times = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      times.add(ago(i % 3 == 0 ? YOUNG : OLD).toString());
    }
    events.insert(times);
    Retention retention = Retention.builder(events.source()).batchSize(100).load(1).build();

    assertThat(get(retention.dryRun(rule())).deletedRows()).isEqualTo(4_000);
    assertThat(events.kept()).hasSize(6_000);

    RetentionRun run = get(retention.run(rule()));

    assertThat(run.deletedRows()).isEqualTo(4_000);
    assertThat(run.batches()).isGreaterThanOrEqualTo(40);
    assertThat(events.kept())
        .isEqualTo(LongStream.range(0, 2_000).map(i -> 3 * i).boxed().toList());
    assertThat(retention.stats())
        .singleElement()
        .extracting(RetentionStats::deletedRows)
        .isEqualTo(4_000L);
  }

  @Test
  void theNextRunGoesOnAfterOneThatWasCancelled() throws InterruptedException {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time TEXT)");
    events.insert(LongStream.range(0, 1_000).mapToObj(i -> ago(OLD).toString()).toList());
    CountDownLatch begun = new CountDownLatch(1);
    RetentionListener listener =
        new RetentionListener() {
          @Override
          public void onBatch(String table, long rows, Duration took) {
            begun.countDown();
          }
        };
    Disposable run =
        Retention.builder(events.source())
            .batchSize(10)
            .load(0.01)
            .listener(listener)
            .build()
            .run(rule())
            .subscribe();
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    run.dispose();

    get(retention().run(rule()));

    assertThat(events.kept()).isEmpty();
  }

  /** The busy timeout of the source is zero, so the run meets the lock. */
  @Test
  void aRunWaitsForAnotherWriter() throws Exception {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time TEXT)");
    events.insert(List.of(ago(OLD).toString()));
    events.source().getConfig().setBusyTimeout(0);
    try (Connection other = events.source().getConnection();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      var run = retention().run(rule()).toFuture();
      statement.execute("COMMIT");

      assertThat(run.get(60, TimeUnit.SECONDS).deletedRows()).isEqualTo(1);
    }
  }

  @Test
  void tablesOfACatalogHaveTheirOwnRules() {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, \"rowid\" TEXT, At_Time TEXT)");
    events.insert(List.of(ago(OLD).toString(), ago(YOUNG).toString()));
    JdbcCatalogStore store = JdbcCatalogStore.create(events.source());
    store.createTables().block();
    TableCatalog catalog = TableCatalog.create(store);
    catalog
        .create(
            "events",
            TableSettings.builder().retentionDays(30).property("time_column", "at_time").build())
        .block();

    RetentionRule.ofCatalog(catalog, "created_at").concatMap(retention()::run).blockLast();

    assertThat(events.kept()).containsExactly(1L);
  }

  @Test
  void leasesAreRefused() throws SQLException {
    try (LeaseDatabase database = LeaseDatabase.Kind.H2.open()) {
      R2dbcLeaseStore leases = R2dbcLeaseStore.create(database.factory());

      assertThatThrownBy(
              () -> retention().whileHeld(leases, Duration.ofHours(1), Mono.just(rule())))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("one process");
    }
  }

  @Test
  void aRuleThatDoesNotFitDeletesNothing() {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time TEXT) WITHOUT ROWID");
    events.run("CREATE VIEW seen AS SELECT * FROM events");
    events.insert(List.of(ago(OLD).toString()));

    for (RetentionRule rule :
        List.of(
            rule(),
            RetentionRule.of("seen", "at_time", KEEP),
            RetentionRule.of("none", "at_time", KEEP),
            RetentionRule.of("events", "none", KEEP))) {
      assertThatThrownBy(() -> get(retention().run(rule)))
          .as(rule.toString())
          .isInstanceOf(SqlWriteException.class);
    }
    assertThat(events.kept()).hasSize(1);
  }
}
