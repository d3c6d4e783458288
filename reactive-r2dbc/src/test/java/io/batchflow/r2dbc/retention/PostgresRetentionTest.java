package io.batchflow.r2dbc.retention;

import static io.batchflow.r2dbc.retention.RetentionScene.PATIENCE;
import static io.batchflow.r2dbc.retention.RetentionScene.get;
import static io.batchflow.r2dbc.retention.RetentionScene.moment;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Partitions, tables without an index, and locked rows of PostgreSQL. */
@Tag("server")
class PostgresRetentionTest {

  private static final Duration KEEP = Duration.ofDays(30);
  private static final Duration OLD = KEEP.plusMinutes(1);
  private static final Duration YOUNG = KEEP.minusMinutes(1);
  private static final RetentionRule RULE = RetentionRule.of("events", "at_time", KEEP);

  private static LocalDate daysAgo(int days) {
    return LocalDate.now(ZoneOffset.UTC).minusDays(days);
  }

  /** Creates partitions: two expired ones, one that has expired in part, and others. */
  private static void createPartitions(RetentionScene scene, String type) {
    scene.run(
        "CREATE TABLE events (id BIGINT NOT NULL, at_time "
            + type
            + ") PARTITION BY RANGE (at_time)");
    createPartition(scene, "\"the oldest\"", "MINVALUE", "'" + daysAgo(90) + "'");
    createPartition(scene, "older", "'" + daysAgo(90) + "'", "'" + daysAgo(60) + "'");
    createPartition(scene, "at_the_cut", "'" + daysAgo(60) + "'", "'" + daysAgo(20) + "'");
    createPartition(scene, "young", "'" + daysAgo(20) + "'", "MAXVALUE");
    scene.run("CREATE TABLE rest PARTITION OF events DEFAULT");
    scene.insert(
        0,
        Stream.of(Duration.ofDays(100), Duration.ofDays(80), OLD, YOUNG, Duration.ZERO)
            .map(RetentionScene::moment)
            .toList());
    scene.insert(5, List.of("NULL"));
  }

  private static void createPartition(RetentionScene scene, String name, String from, String to) {
    scene.run(
        "CREATE TABLE "
            + name
            + " PARTITION OF events FOR VALUES FROM ("
            + from
            + ") TO ("
            + to
            + ")");
  }

  private static long partitions(RetentionScene scene) {
    return scene.longs("SELECT COUNT(*) FROM pg_partition_tree('events') WHERE isleaf").get(0);
  }

  @Test
  void expiredPartitionsAreDropped() throws Exception {
    for (String type : List.of("TIMESTAMPTZ", "TIMESTAMP", "DATE")) {
      try (RetentionScene scene = new RetentionScene(Kind.POSTGRES)) {
        createPartitions(scene, type);
        Retention retention = Retention.create(scene.factory());

        RetentionRun dry = get(retention.dryRun(RULE));
        assertThat(partitions(scene)).isEqualTo(5);
        RetentionRun run = get(retention.run(RULE));

        assertThat(partitions(scene)).isEqualTo(3);
        assertThat(List.of(dry, run))
            .extracting(RetentionRun::droppedPartitions)
            .containsExactly(2L, 2L);
        assertThat(dry.deletedRows()).isEqualTo(run.deletedRows());
        if (type.equals("TIMESTAMPTZ")) {
          assertThat(scene.kept()).containsExactly(3L, 4L, 5L);
        } else {
          // Without its zone, a time may be up to half a day later.
          assertThat(scene.kept()).containsExactly(2L, 3L, 4L, 5L);
        }
      }
    }
  }

  @Test
  void rowsOfOtherPartitionsStayIfOnlyPartitionsShallGo() throws Exception {
    try (RetentionScene scene = new RetentionScene(Kind.POSTGRES)) {
      createPartitions(scene, "TIMESTAMPTZ");

      RetentionRun run =
          get(
              Retention.create(scene.factory())
                  .run(
                      RetentionRule.builder("events", "at_time", KEEP)
                          .partitionsOnly(true)
                          .build()));

      assertThat(run.droppedPartitions()).isEqualTo(2);
      assertThat(scene.kept()).containsExactly(2L, 3L, 4L, 5L);
    }
  }

  @Test
  void partitionsByAnotherColumnAreCleanedRowByRow() throws Exception {
    try (RetentionScene scene = new RetentionScene(Kind.POSTGRES)) {
      scene.run(
          "CREATE TABLE events (id BIGINT NOT NULL, at_time TIMESTAMPTZ) PARTITION BY HASH (id)");
      for (int i = 0; i < 3; i++) {
        scene.run(
            "CREATE TABLE part_"
                + i
                + " PARTITION OF events FOR VALUES WITH (MODULUS 3, REMAINDER "
                + i
                + ")");
      }
      scene.insert(0, Stream.generate(() -> moment(OLD)).limit(50).toList());
      scene.insert(50, Stream.generate(() -> moment(YOUNG)).limit(50).toList());

      RetentionRun run = get(Retention.create(scene.factory()).run(RULE));

      assertThat(run.deletedRows()).isEqualTo(50);
      assertThat(scene.kept()).isEqualTo(LongStream.range(50, 100).boxed().toList());
    }
  }

  @Test
  void aPartitionThatIsReadIsLeftForTheNextRun() throws Exception {
    try (RetentionScene scene = new RetentionScene(Kind.POSTGRES)) {
      createPartitions(scene, "TIMESTAMPTZ");
      Retention retention = Retention.create(scene.factory());
      Connection reader = get(Mono.from(scene.factory().create()));
      Mono.from(reader.beginTransaction())
          .thenMany(RetentionScene.changed(reader, "LOCK TABLE older IN ACCESS SHARE MODE"))
          .blockLast(PATIENCE);

      RetentionRun blocked = get(retention.run(RULE));
      Mono.from(reader.rollbackTransaction()).then(Mono.from(reader.close())).block(PATIENCE);
      RetentionRun free = get(retention.run(RULE));

      assertThat(blocked.lockedPartitions()).isEqualTo(1);
      assertThat(blocked.droppedPartitions()).isEqualTo(1);
      assertThat(free.droppedPartitions()).isEqualTo(1);
      assertThat(scene.kept()).containsExactly(3L, 4L, 5L);
    }
  }

  @Test
  void aTableWithoutAnIndexIsReadOnce() throws Exception {
    try (RetentionScene scene = new RetentionScene(Kind.POSTGRES)) {
      scene.run("CREATE TABLE events (id BIGINT NOT NULL, at_time TIMESTAMPTZ)");
      scene.run(
          "INSERT INTO events SELECT i, now() - CASE WHEN i % 3 = 0 THEN interval '31 days'"
              + " ELSE interval '29 days' END FROM generate_series(0, 9999) i");

      RetentionRun run =
          get(Retention.builder(scene.factory()).batchSize(200).load(1).build().run(RULE));

      assertThat(run.deletedRows()).isEqualTo(3_334);
      assertThat(scene.kept()).hasSize(6_666).allMatch(id -> id % 3 != 0);
    }
  }

  @Test
  void inheritingTablesAreCleanedToo() throws Exception {
    try (RetentionScene scene = new RetentionScene(Kind.POSTGRES)) {
      scene.createEvents("TIMESTAMPTZ");
      scene.run("CREATE TABLE more_events () INHERITS (events)");
      scene.insert(0, List.of(moment(OLD), moment(YOUNG)));
      scene.run(
          "INSERT INTO more_events VALUES (2, " + moment(OLD) + "), (3, " + moment(YOUNG) + ")");

      RetentionRun run = get(Retention.create(scene.factory()).run(RULE));

      assertThat(run.deletedRows()).isEqualTo(2);
      assertThat(scene.kept()).containsExactly(1L, 3L);
    }
  }

  @Test
  void nobodyWaitsForARowThatSomebodyHasLocked() throws Exception {
    try (RetentionScene scene = new RetentionScene(Kind.POSTGRES)) {
      scene.createEvents("TIMESTAMPTZ");
      scene.insert(0, List.of(moment(OLD), moment(OLD), moment(YOUNG)));
      Connection writer = get(Mono.from(scene.factory().create()));
      Mono.from(writer.beginTransaction())
          .thenMany(
              RetentionScene.changed(
                  writer, "UPDATE events SET at_time = " + moment(YOUNG) + " WHERE id = 0"))
          .blockLast(PATIENCE);

      get(Retention.create(scene.factory()).run(RULE));
      assertThat(scene.kept()).containsExactly(0L, 2L);
      Mono.from(writer.commitTransaction()).then(Mono.from(writer.close())).block(PATIENCE);
      get(Retention.create(scene.factory()).run(RULE));

      assertThat(scene.kept()).containsExactly(0L, 2L);
    }
  }
}
