package io.batchflow.r2dbc.retention;

import static io.batchflow.r2dbc.retention.RetentionScene.get;
import static io.batchflow.r2dbc.retention.SqliteEvents.KEEP;
import static io.batchflow.r2dbc.retention.SqliteEvents.OLD;
import static io.batchflow.r2dbc.retention.SqliteEvents.YOUNG;
import static io.batchflow.r2dbc.retention.SqliteEvents.ago;
import static io.batchflow.r2dbc.retention.SqliteEvents.rule;
import static io.batchflow.r2dbc.retention.SqliteEvents.utc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.sql.SqlWriteException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expired rows of SQLite are deleted, and no others, whatever the values of a column are. */
class SqliteRetentionTest {

  /** A local time without a known zone may be so much later. */
  private static final Duration TWELVE_HOURS = Duration.ofHours(12);

  private SqliteEvents events = SqliteEvents.in(Path.of(""));

  @BeforeEach
  void open(@TempDir Path directory) {
    events = SqliteEvents.in(directory);
  }

  private Retention retention() {
    return Retention.create(events.source());
  }

  private static RetentionRule inUtc() {
    return RetentionRule.builder("events", "at_time", KEEP).zone(ZoneOffset.UTC).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TEXT", "TIMESTAMP", "DATETIME", ""})
  void timesWithAZoneAreDeletedByTheirMoment(String type) {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time " + type + ")");
    OffsetDateTime old = ago(OLD).atOffset(ZoneOffset.ofHours(14));
    OffsetDateTime young = ago(YOUNG).atOffset(ZoneOffset.ofHours(-12));
    events.insert(
        List.of(
            ago(OLD).toString(),
            ago(YOUNG).toString(),
            old.toString(),
            young.toString(),
            utc(OLD).toString().replace('T', ' ') + "Z",
            utc(YOUNG).toString() + "z",
            old.toString().replace("+14:00", " +14:00 "),
            young.toString().replace("-12:00", " -12:00 ")));

    RetentionRun run = get(retention().run(rule()));

    assertThat(events.kept()).containsExactly(1L, 3L, 5L, 7L);
    assertThat(run.deletedRows()).isEqualTo(4);
    assertThat(run.cutOff()).isBetween(ago(OLD), ago(YOUNG));
    assertThat(run.batches()).isEqualTo(1);
  }

  @Test
  void timesWithoutAZoneAreDeletedWhenTheyHavePassedEverywhere() {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time TIMESTAMP)");
    List<String> times =
        List.of(
            utc(OLD).toString(),
            utc(YOUNG).toString(),
            utc(OLD.plus(TWELVE_HOURS)).toString(),
            utc(YOUNG.plus(TWELVE_HOURS)).toString().replace('T', ' '));
    events.insert(times);

    get(retention().run(rule()));
    assertThat(events.kept()).containsExactly(0L, 1L, 3L);

    get(retention().run(inUtc()));
    assertThat(events.kept()).containsExactly(1L);
  }

  @Test
  void rowsAreDeletedByADay() {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time DATE)");
    LocalDate firstKept = ago(KEEP).atZone(ZoneOffset.UTC).toLocalDate();
    events.insert(
        List.of(
            firstKept.minusDays(2).toString(),
            firstKept.minusDays(1).toString(),
            firstKept.toString(),
            firstKept.plusDays(1).toString()));

    get(retention().run(inUtc()));

    assertThat(events.kept()).containsExactly(2L, 3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SECONDS", "MILLIS"})
  void rowsAreDeletedByANumber(ChronoUnit unit) {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time INTEGER)");
    events.insert(
        List.of(
            unit.between(Instant.EPOCH, ago(OLD)),
            unit.between(Instant.EPOCH, ago(YOUNG)),
            0L,
            -1L,
            ago(OLD).toString(),
            1.5));

    RetentionRule rule = RetentionRule.builder("events", "at_time", KEEP).epoch(unit).build();
    get(retention().run(rule));

    assertThat(events.kept()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThatThrownBy(() -> get(retention().run(rule())))
        .isInstanceOf(SqlWriteException.class)
        .hasMessageContaining("epoch");
  }

  @Test
  void whatIsNoTimeIsKept() {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time)");
    List<@Nullable Object> values = new ArrayList<>();
    values.add(null);
    values.addAll(
        List.of(
            "",
            "now",
            "12:30",
            "2440587",
            2440587L,
            2440587.5,
            new byte[] {'2', '0', '0', '0'},
            "2000-13-01 00:00:00",
            "2000-01-01 25:00:00",
            "2000-01-01T00:00:00Zulu",
            "2000-01-01 and more",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "0999-12-31",
            "1970-01-01T23:59:59Z",
            " 2000-01-01 00:00:00",
            "+02000-01-01"));
    events.insert(values);

    RetentionRun run = get(retention().run(inUtc()));

    assertThat(run.deletedRows()).isZero();
    assertThat(events.kept()).hasSize(values.size());
  }

  /** The same times in random forms, judged by Java. */
  @Test
  void randomTimesAreJudgedAsJavaJudgesThem() {
    events.run("CREATE TABLE events (id INTEGER PRIMARY KEY, at_time TEXT)");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> times = new ArrayList<>();
    List<Long> young = new ArrayList<>();
    for (long i = 0; i < 2_000; i++) {
      // Up to two days from the cut-off, but not so near that the time of the run decides.
      long apart = 600L + random.nextInt(172_800);
      boolean old = random.nextBoolean();
      Instant time =
          ago(KEEP).plusSeconds(old ? -apart : apart).plusNanos(random.nextInt(1_000_000_000));
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * (random.nextInt(29 * 60) - 14 * 60));
      String text =
          switch (random.nextInt(4)) {
            case 0 -> time.toString();
            case 1 -> time.atOffset(offset).toString();
            case 2 -> time.truncatedTo(ChronoUnit.MINUTES).atOffset(offset).toString();
            default -> LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString();
          };
      times.add(random.nextBoolean() ? text : text.replace('T', ' '));
      if (!old) {
        young.add(i);
      }
    }
    events.insert(times);

    get(retention().run(inUtc()));

    assertThat(events.kept()).as("seed " + seed).isEqualTo(young);
  }
}
