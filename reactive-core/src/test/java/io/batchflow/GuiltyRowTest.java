package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.health.FlowHealth;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** Rows that make their batch fail with what may as well be the failure of a broken table. */
class GuiltyRowTest {

  private static final int RETRIES = 2;

  private static final Schema SETTINGS =
      Schema.table("settings")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  /** Rejects a batch for the first guilty row in it, as a SQL database does; keeps all others. */
  private static final class Database implements BatchWriter {

    final List<List<Long>> batches = new ArrayList<>();
    final Map<Long, Object> stored = new HashMap<>();
    Function<Row, @Nullable FailureKind> guilt = row -> null;

    @Override
    public Mono<BatchResult> write(Batch batch) {
      batches.add(batch.rows().stream().map(Database::id).toList());
      for (Row row : batch.rows()) {
        FailureKind kind = guilt.apply(row);
        if (kind != null) {
          return Mono.error(RecordingWriter.failure(kind));
        }
      }
      batch.rows().forEach(row -> stored.put(id(row), row.value(1)));
      return Mono.just(BatchResult.written(batch.size()));
    }

    static Long id(Row row) {
      return (Long) row.value(0);
    }

    Database guilty(FailureKind kind, Set<Long> ids) {
      guilt = row -> ids.contains(id(row)) ? kind : null;
      return this;
    }

    int extraWrites() {
      return batches.size() - 1;
    }

    @Override
    public FailureClassifier failureClassifier() {
      return RecordingWriter.create().failureClassifier();
    }
  }

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Database database = new Database();

  private BatchFlow flow(int batchSize, int concurrency) {
    return Rows.flow(database, time)
        .maxPending(20_000)
        .retry(Retry.fixedDelay(RETRIES, Duration.ofSeconds(1)))
        .concurrency(concurrency)
        .defaultPolicy(patient().maxSize(batchSize).maxBytes(16 << 20).build())
        .build();
  }

  private List<Rows.Probe<WriteResult>> submit(BatchFlow flow, Row... rows) {
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    for (Row row : rows) {
      probes.add(watch(flow.submit(row)));
    }
    time.advanceTimeBy(Duration.ofHours(1));
    LedgerAssertions.assertBalanced(flow);
    assertThat(flow.stats().ledger().pending()).isZero();
    return probes;
  }

  private static Row[] events(long count) {
    return LongStream.range(0, count).mapToObj(Rows::event).toArray(Row[]::new);
  }

  private static Set<Long> rejected(List<Rows.Probe<WriteResult>> probes) {
    return IntStream.range(0, probes.size())
        .filter(i -> probes.get(i).values.isEmpty())
        .mapToObj(i -> (long) i)
        .collect(Collectors.toSet());
  }

  private Set<Long> missing(long count) {
    return LongStream.range(0, count)
        .boxed()
        .filter(id -> !database.stored.containsKey(id))
        .collect(Collectors.toSet());
  }

  private static Set<Long> some(Random random, int count, int rows) {
    return random
        .longs(0, rows)
        .distinct()
        .limit(count)
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }

  @ParameterizedTest
  @EnumSource(names = {"PERMANENT", "CONTENTION", "DATA"})
  void tenGuiltyRowsOfAThousandAreLostAloneWhateverTheirCode(FailureKind kind) {
    Set<Long> guilty = some(new Random(7), 10, 1_000);
    database.guilty(kind, guilty);

    assertThat(rejected(submit(flow(1_000, 1), events(1_000)))).isEqualTo(guilty);
    assertThat(missing(1_000)).isEqualTo(guilty);
  }

  @ParameterizedTest
  @EnumSource(names = {"PERMANENT", "CONTENTION"})
  void guiltyRowsThatStandTogetherAreLostAlone(FailureKind kind) {
    Set<Long> guilty = LongStream.range(0, 40).boxed().collect(Collectors.toSet());
    guilty.addAll(LongStream.range(500, 520).boxed().toList());
    guilty.add(999L);
    database.guilty(kind, guilty);

    assertThat(rejected(submit(flow(1_000, 1), events(1_000)))).isEqualTo(guilty);
  }

  @Test
  void aPermanentFailureOfTenThousandRowsCostsAtMostTwentyWritesMore() {
    database.guilt = row -> FailureKind.PERMANENT;

    List<Rows.Probe<WriteResult>> probes = submit(flow(10_000, 1), events(10_000));

    assertThat(rejected(probes)).hasSize(10_000);
    assertThat(probes)
        .allSatisfy(
            probe -> assertThat(probe.errors.get(0)).isInstanceOf(BatchWriteException.class));
    assertThat(database.extraWrites()).isBetween(2, 20);
  }

  @Test
  void aPermanentFailureOfSeveralBatchesCostsAtMostTwentyWritesMore() {
    database.guilt = row -> FailureKind.PERMANENT;

    assertThat(rejected(submit(flow(1_000, 4), events(10_000)))).hasSize(10_000);

    long whole = database.batches.stream().filter(batch -> batch.size() == 1_000).count();
    assertThat(whole).isEqualTo(10);
    assertThat(database.batches.size() - whole).isLessThanOrEqualTo(20);
  }

  @Test
  void aTableThatWasBrokenIsBelievedSoonerUntilARowIsWritten() {
    BatchFlow flow = flow(100, 1);
    database.guilt = row -> FailureKind.PERMANENT;
    submit(flow, events(100));
    int first = database.batches.size();

    submit(flow, events(100));
    assertThat(database.batches.size() - first).isEqualTo(2);

    database.guilty(FailureKind.PERMANENT, Set.of(7L));
    assertThat(rejected(submit(flow, events(100)))).isEqualTo(Set.of(7L));

    int mended = database.batches.size();
    database.guilt = row -> FailureKind.PERMANENT;
    submit(flow, events(100));
    assertThat(database.batches.size() - mended).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 15})
  void ofAFewRowsTheOneThatIsGoodIsFound(long good) {
    database.guilt = row -> Database.id(row) == good ? null : FailureKind.PERMANENT;

    Set<Long> rejected = rejected(submit(flow(16, 1), events(16)));

    assertThat(rejected).hasSize(15).doesNotContain(good);
  }

  @Test
  void whatNoRowCanCauseFailsAtOnce() {
    database.guilt = row -> FailureKind.UNUSABLE;

    List<Rows.Probe<WriteResult>> probes = submit(flow(100, 1), events(100));

    assertThat(database.batches).hasSize(1);
    assertThat(probes)
        .allSatisfy(
            probe -> assertThat(probe.errors.get(0)).isInstanceOf(BatchWriteException.class));
  }

  @Test
  void aTableThatProvesUnusableMeanwhileEndsTheSearch() {
    database.guilt =
        row -> database.batches.size() == 1 ? FailureKind.PERMANENT : FailureKind.UNUSABLE;

    assertThat(rejected(submit(flow(100, 1), events(100)))).hasSize(100);
    assertThat(database.batches).hasSize(2);
  }

  @Test
  void whatPassesIsTriedAgainAndOnlyThenSearchedForItsRow() {
    database.guilty(FailureKind.CONTENTION, Set.of(70L));

    assertThat(rejected(submit(flow(100, 1), events(100)))).isEqualTo(Set.of(70L));

    long whole = database.batches.stream().filter(batch -> batch.size() == 100).count();
    assertThat(whole).isEqualTo(1 + RETRIES);
    // Each of these takes as long as a lock's timeout.
    assertThat(database.batches.stream().filter(batch -> batch.contains(70L)).count() - whole)
        .isLessThanOrEqualTo(5);
  }

  @Test
  void aTableThatIsLockedFailsAfterAHandfulOfWrites() {
    database.guilt = row -> FailureKind.CONTENTION;

    assertThat(rejected(submit(flow(1_000, 1), events(1_000)))).hasSize(1_000);
    assertThat(database.batches).hasSize(1 + RETRIES + 5);
  }

  @Test
  void whatIsNoRowsDoingIsNotSearched() {
    database.guilty(FailureKind.TRANSIENT, Set.of(7L));

    assertThat(rejected(submit(flow(100, 1), events(100)))).hasSize(100);
    assertThat(database.batches).hasSize(1 + RETRIES);
  }

  @Test
  void aRowIsToldThatItIsToBlameWhereOthersWereWritten() {
    database.guilty(FailureKind.PERMANENT, Set.of(0L));

    assertThat(submit(flow(1, 1), events(1)).get(0).errors.get(0))
        .isInstanceOf(BatchWriteException.class);
    assertThat(submit(flow(2, 1), events(2)).get(0).errors.get(0))
        .isInstanceOf(RowRejectedException.class);
  }

  @Test
  void theLastRowOfAKeyIsStillTheOneThatStays() {
    Random random = new Random(3);
    for (int run = 0; run < 200; run++) {
      database.stored.clear();
      Map<Long, Object> expected = new HashMap<>();
      Row[] rows = new Row[40];
      for (int i = 0; i < rows.length; i++) {
        long id = random.nextInt(12);
        boolean good = random.nextInt(3) > 0;
        rows[i] = Rows.row(SETTINGS, id, good ? i : -1);
        if (good) {
          expected.put(id, i);
        }
      }
      database.guilt =
          row -> Integer.valueOf(-1).equals(row.value(1)) ? FailureKind.PERMANENT : null;

      submit(flow(rows.length, 1), rows);

      assertThat(database.stored).as("run %d", run).isEqualTo(expected);
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /** Some rows of many kinds of guilt: each is lost alone, within the bound on writes. */
  @ParameterizedTest
  @MethodSource("seeds")
  void anyGuiltyRowsAreLostAlone(long seed) {
    Random random = new Random(seed);
    int rows = 1 + random.nextInt(seed % 3 == 0 ? 20 : 300);
    List<FailureKind> kinds =
        List.of(FailureKind.DATA, FailureKind.PERMANENT, FailureKind.CONTENTION);
    Map<Long, FailureKind> guilty = new HashMap<>();
    for (long id : some(random, random.nextInt(1 + rows / 4), rows)) {
      guilty.put(id, kinds.get(random.nextInt(kinds.size())));
    }
    database.guilt = row -> guilty.get(Database.id(row));

    assertThat(rejected(submit(flow(rows, 1), events(rows)))).isEqualTo(guilty.keySet());
    assertThat(missing(rows)).isEqualTo(guilty.keySet());
    assertThat(database.batches.size()).isLessThanOrEqualTo(4 * rows + 2 * RETRIES + 20);
  }

  @Test
  void aBackendIsDownForABrokenTableAndUpForGuiltyRows() {
    database.guilty(FailureKind.PERMANENT, Set.of(3L, 8L));
    BatchFlow flow = flow(100, 1);
    submit(flow, events(100));
    assertThat(flow.health().status()).isEqualTo(FlowHealth.Status.UP);

    database.guilt = row -> FailureKind.PERMANENT;
    for (Row row : events(100)) {
      watch(flow.submit(row));
    }
    assertThat(flow.health().status()).isNotEqualTo(FlowHealth.Status.UP);
    assertThat(flow.health().failingTables()).containsKey(EVENTS.table());
  }
}
