package io.batchflow.r2dbc.retention;

import static io.batchflow.r2dbc.retention.RetentionScene.PATIENCE;
import static io.batchflow.r2dbc.retention.RetentionScene.get;
import static io.batchflow.r2dbc.retention.RetentionScene.moment;
import static io.batchflow.r2dbc.retention.RetentionScene.utc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.batchflow.sql.SqlWriteException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;

/** Expired rows are deleted, and no others, in each database. */
@Tag("server")
class RetentionTest {

  private static final Duration KEEP = Duration.ofDays(30);
  private static final Duration OLD = KEEP.plusMinutes(1);
  private static final Duration YOUNG = KEEP.minusMinutes(1);

  private static RetentionRule rule() {
    return RetentionRule.builder("events", "at_time", KEEP).zone(ZoneOffset.UTC).build();
  }

  private static void insertMany(RetentionScene scene, int old, int young) {
    scene.insert(
        0,
        Stream.concat(
                Stream.generate(() -> utc(OLD)).limit(old),
                Stream.generate(() -> utc(YOUNG)).limit(young))
            .toList());
  }

  private static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB", "MARIADB_BY_MYSQL"})
  void rowsAreDeletedByATimeWithoutAZone(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents(scene.isMariaDb() ? "DATETIME(6)" : "TIMESTAMP");
      scene.insert(
          0, List.of(utc(OLD), utc(YOUNG), "NULL", utc(Duration.ZERO), utc(OLD.multipliedBy(50))));

      RetentionRun run = get(Retention.create(scene.factory()).run(rule()));

      assertThat(scene.kept()).containsExactly(1L, 2L, 3L);
      assertThat(run.deletedRows()).isEqualTo(2);
      assertThat(run.table()).isEqualTo("events");
      assertThat(run.cutOff()).isBetween(Instant.now().minus(OLD), Instant.now().minus(YOUNG));
      assertThat(run.dryRun()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES"})
  void rowsAreDeletedByATimeWithAZone(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents("TIMESTAMP WITH TIME ZONE");
      scene.insert(0, List.of(moment(OLD), moment(YOUNG), "NULL"));

      RetentionRun run =
          get(Retention.create(scene.factory()).run(RetentionRule.of("events", "at_time", KEEP)));

      assertThat(scene.kept()).containsExactly(1L, 2L);
      assertThat(run.deletedRows()).isEqualTo(1);
    }
  }

  /** The literal of a TIMESTAMP is read in the zone of the session. */
  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "MARIADB_BY_MYSQL"})
  void theZoneOfTheSessionDoesNotCount(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents("TIMESTAMP(6)");
      scene.run(
          "INSERT INTO events VALUES (0, FROM_UNIXTIME("
              + Instant.now().minus(OLD).getEpochSecond()
              + ")), (1, FROM_UNIXTIME("
              + Instant.now().minus(YOUNG).getEpochSecond()
              + ")), (2, NULL)");
      for (String zone : List.of("-11:00", "+11:00")) {
        scene.run("SET GLOBAL time_zone = '" + zone + "'");
        try {
          get(Retention.create(scene.factory()).run(RetentionRule.of("events", "at_time", KEEP)));
        } finally {
          scene.run("SET GLOBAL time_zone = 'SYSTEM'");
        }
        assertThat(scene.kept()).containsExactly(1L, 2L);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void rowsAreDeletedByADay(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents("DATE");
      LocalDate firstKept = Instant.now().minus(KEEP).atZone(ZoneOffset.UTC).toLocalDate();
      scene.insert(
          0,
          Stream.of(
                  firstKept.minusDays(2), firstKept.minusDays(1), firstKept, firstKept.plusDays(1))
              .map(day -> "DATE '" + day + "'")
              .toList());

      // At the turn of the day, the first kept day may be the next one.
      get(Retention.create(scene.factory()).run(rule()));

      assertThat(scene.kept()).containsSubsequence(3L).doesNotContain(0L, 1L);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void rowsAreDeletedByANumber(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents("BIGINT");
      scene.insert(
          0,
          Stream.of(OLD, YOUNG)
              .map(ago -> Long.toString(Instant.now().minus(ago).toEpochMilli()))
              .toList());
      scene.insert(2, List.of("0", "NULL"));
      Retention retention = Retention.create(scene.factory());
      RetentionRule withoutUnit = RetentionRule.of("events", "at_time", KEEP);

      assertThatThrownBy(() -> retention.run(withoutUnit).block(PATIENCE))
          .isInstanceOf(SqlWriteException.class)
          .hasMessageContaining("Tell by epoch what its numbers count");
      get(
          retention.run(
              RetentionRule.builder("events", "at_time", KEEP).epoch(ChronoUnit.MILLIS).build()));

      assertThat(scene.kept()).containsExactly(1L, 2L, 3L);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void aCancelledRunIsResumedByTheNextOne(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents(scene.isMariaDb() ? "DATETIME(6)" : "TIMESTAMP");
      insertMany(scene, 100, 20);
      CountDownLatch begun = new CountDownLatch(2);
      Retention killed =
          Retention.builder(scene.factory())
              .batchSize(10)
              .load(0.01)
              .listener(
                  new RetentionListener() {
                    @Override
                    public void onBatch(String table, long rows, Duration took) {
                      begun.countDown();
                    }
                  })
              .build();

      Disposable run = killed.run(rule()).subscribe();
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      run.dispose();
      long before = killed.stats().get(0).deletedRows();
      Retention next = Retention.builder(scene.factory()).batchSize(10).load(1).build();
      RetentionRun rest = get(next.run(rule()));

      assertThat(before).isBetween(20L, 100L);
      assertThat(rest.deletedRows()).isBetween(1L, 100 - before);
      assertThat(scene.kept()).isEqualTo(ids(100, 120));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void batchesAreBoundedAndCounted(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents(scene.isMariaDb() ? "DATETIME(6)" : "TIMESTAMP");
      insertMany(scene, 95, 20);
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      Retention retention =
          Retention.builder(scene.factory())
              .batchSize(10)
              .load(1)
              .listener(RetentionMetrics.create(registry))
              .build();

      RetentionRun dry = get(retention.dryRun(rule()));
      assertThat(scene.kept()).hasSize(115);
      assertThat(dry.dryRun()).isTrue();
      assertThat(dry.deletedRows()).isEqualTo(95);
      assertThat(retention.stats()).isEmpty();

      RetentionRun run = get(retention.run(rule()));
      assertThat(run.deletedRows()).isEqualTo(95);
      assertThat(run.batches()).isEqualTo(10);
      assertThat(retention.stats())
          .containsExactly(new RetentionStats("events", 1, 0, 95, 10, 0, run));
      assertThat(registry.get("batchflow.retention.rows").counter().count()).isEqualTo(95);
      assertThat(registry.get("batchflow.retention.batches").timer().count()).isEqualTo(10);
      assertThat(
              registry
                  .get("batchflow.retention.runs")
                  .tags("table", "events", "outcome", "succeeded")
                  .timer()
                  .count())
          .isEqualTo(1);
      assertThat(registry.get("batchflow.retention.last.success").timeGauge().value(TimeUnit.DAYS))
          .isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void aRuleThatDoesNotFitDeletesNothing(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.run("CREATE TABLE events (id BIGINT NOT NULL PRIMARY KEY, at_time VARCHAR(99))");
      scene.insert(0, List.of("'2001-01-01'"));
      Retention retention = Retention.create(scene.factory());

      assertThatThrownBy(() -> retention.run(rule()).block(PATIENCE))
          .isInstanceOf(SqlWriteException.class)
          .hasMessageContaining("Name a column of timestamps, dates or whole numbers");
      assertThatThrownBy(
              () -> retention.run(RetentionRule.of("events", "other", KEEP)).block(PATIENCE))
          .hasMessageContaining("there is no column 'other'");
      assertThatThrownBy(
              () -> retention.run(RetentionRule.of("others", "at_time", KEEP)).block(PATIENCE))
          .hasMessageContaining("there is no such table");

      assertThat(scene.kept()).containsExactly(0L);
      assertThat(retention.stats()).extracting(RetentionStats::failures).containsExactly(2L, 1L);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "MARIADB")
  void anIndexIsNeededWhereADeleteLocksWhatItReads(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.run("CREATE TABLE events (id BIGINT NOT NULL PRIMARY KEY, at_time DATETIME)");
      scene.insert(0, List.of(utc(OLD)));

      assertThatThrownBy(() -> Retention.create(scene.factory()).run(rule()).block(PATIENCE))
          .isInstanceOf(SqlWriteException.class)
          .hasMessageContaining("no index begins with the time column 'at_time'");
      assertThat(scene.kept()).containsExactly(0L);
    }
  }
}
