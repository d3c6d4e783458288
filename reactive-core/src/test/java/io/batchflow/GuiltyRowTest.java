package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Bad rows are found and fail alone, even if their error may also be that of a broken table. */
class GuiltyRowTest extends SuspectRows {

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

  static List<Set<Long>> tenOfAThousand() {
    return Stream.of(
            LongStream.range(0, 10),
            LongStream.range(495, 505),
            LongStream.range(990, 1_000),
            LongStream.range(0, 10).map(row -> row * 100),
            LongStream.concat(LongStream.range(0, 9), LongStream.of(999)))
        .map(places -> places.boxed().collect(Collectors.toUnmodifiableSet()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("tenOfAThousand")
  void tenGuiltyRowsAreLostAloneWhereverTheyAre(Set<Long> guilty) {
    database.guilty(FailureKind.PERMANENT, guilty);
    assertThat(rejected(submit(flow(1_000, 1), events(1_000)))).isEqualTo(guilty);
    assertThat(rejected(submit(flow(1_000, 1), settings(1_000)))).isEqualTo(guilty);

    database.keys = KeyEquality.byBackend();
    assertThat(rejected(submit(flow(1_000, 1), settings(1_000)))).isEqualTo(guilty);
  }

  @Test
  void guiltyRowsAtTheHeadAreLostAloneWhereOtherRowsHaveOtherKeys() {
    Set<Long> guilty = LongStream.range(0, 30).boxed().collect(Collectors.toSet());
    database.guilty(FailureKind.PERMANENT, guilty);

    assertThat(rejected(submit(flow(1_000, 1), settings(1_000)))).isEqualTo(guilty);
  }

  @Test
  void nineteenGuiltyRowsAtTheHeadAreLostAloneWhereOnlyTheBackendComparesKeys() {
    database.keys = KeyEquality.byBackend();
    Set<Long> guilty = LongStream.range(0, 19).boxed().collect(Collectors.toSet());
    database.guilty(FailureKind.PERMANENT, guilty);

    assertThat(rejected(submit(flow(1_000, 1), settings(1_000)))).isEqualTo(guilty);
  }

  @Test
  void guiltyRowsAtTheHeadAreLostAloneAfterTheTableWasBroken() {
    database.keys = KeyEquality.byBackend();
    BatchFlow flow = flow(100, 1);
    database.guilt = row -> FailureKind.PERMANENT;
    assertThat(rejected(submit(flow, settings(100)))).hasSize(100);

    database.guilty(FailureKind.PERMANENT, Set.of(0L, 1L, 2L));
    assertThat(rejected(submit(flow, settings(100)))).isEqualTo(Set.of(0L, 1L, 2L));
  }

  /** As in a file whose pages all begin with a title. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void batchesInFlightThatAllBeginWithGuiltyRowsLoseOnlyThese(int titles) {
    database.guilt = row -> Database.id(row) % 1_000 < titles ? FailureKind.PERMANENT : null;
    BatchWriter remote =
        batch ->
            Mono.delay(Duration.ofMillis(1), time).then(Mono.defer(() -> database.write(batch)));
    BatchFlow flow =
        Rows.flow(remote, time)
            .failureClassifier(database.failureClassifier())
            .maxPending(20_000)
            .concurrency(16)
            .defaultPolicy(patient().maxSize(1_000).build())
            .build();

    Set<Long> rejected = rejected(submit(flow, events(16_000)));

    assertThat(rejected).hasSize(16 * titles).allMatch(id -> id % 1_000 < titles);
  }

  @Test
  void aRowThatIsSubmittedAgainAndAgainDoesNotBlameTheTable() {
    database.keys = KeyEquality.byBackend();
    database.guilty(FailureKind.PERMANENT, Set.of(0L));
    BatchFlow flow = flow(1_000, 1);
    for (int i = 0; i < 20; i++) {
      watch(flow.submit(settings(1)[0]));
      flow.flush().subscribe();
      time.advanceTimeBy(Duration.ofHours(1));
    }
    assertThat(database.batches).hasSize(20);

    assertThat(rejected(submit(flow, settings(1_000)))).isEqualTo(Set.of(0L));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 15})
  void ofAFewRowsTheOneThatIsGoodIsFound(long good) {
    database.guilt = row -> Database.id(row) == good ? null : FailureKind.PERMANENT;

    Set<Long> rejected = rejected(submit(flow(16, 1), events(16)));

    assertThat(rejected).hasSize(15).doesNotContain(good);
  }

  @Test
  void whatPassesIsTriedAgainAndOnlyThenSearchedForItsRow() {
    database.guilty(FailureKind.CONTENTION, Set.of(70L));

    assertThat(rejected(submit(flow(100, 1), events(100)))).isEqualTo(Set.of(70L));

    long whole = database.batches.stream().filter(batch -> batch.size() == 100).count();
    assertThat(whole).isEqualTo(1 + RETRIES);
    // Each of these writes may last as long as a lock timeout.
    assertThat(database.batches.stream().filter(batch -> batch.contains(70L)).count() - whole)
        .isLessThanOrEqualTo(5);
  }

  @Test
  void aRowIsToldThatItIsToBlameWhereOthersWereWritten() {
    database.guilty(FailureKind.PERMANENT, Set.of(0L));

    assertThat(submit(flow(1, 1), events(1)).get(0).errors.get(0))
        .isInstanceOf(BatchWriteException.class)
        .hasMessageContaining("fix it, or the row if it is the reason, and submit the row again");
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

  /** Rows that are bad for several reasons. Each fails alone, within the limit of writes. */
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
}
