package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class RowVerdictTest {

  /** Reports even keys as new, but only if verdicts are requested. */
  private final BatchWriter writer =
      batch ->
          Mono.just(
              batch.rowVerdicts()
                  ? BatchResult.written(batch.size()).withVerdicts(verdicts(batch))
                  : BatchResult.written(batch.size()));

  private static List<RowVerdict> verdicts(Batch batch) {
    RowVerdict known =
        batch.schema().onConflict() == ConflictStrategy.IGNORE
            ? RowVerdict.IGNORED
            : RowVerdict.UPDATED;
    return batch.rows().stream()
        .map(row -> ((Long) row.value(0)) % 2 == 0 ? RowVerdict.INSERTED : known)
        .toList();
  }

  private static List<RowVerdict> verdictsOf(
      BatchWriter writer, ConflictStrategy strategy, boolean asked, long... keys) {
    Schema schema = Schema.table("t").columns("id").conflictKey("id").onConflict(strategy).build();
    BatchPolicy policy = patient().maxSize(keys.length).concurrency(1).rowVerdicts(asked).build();
    BatchFlow flow = Rows.flow(writer, VirtualTimeScheduler.create()).defaultPolicy(policy).build();
    List<Rows.Probe<WriteResult>> probes =
        LongStream.of(keys)
            .mapToObj(key -> watch(flow.submit(schema.row().set("id", key))))
            .toList();
    return probes.stream().map(probe -> probe.values.get(0).verdict()).toList();
  }

  /** The first write may have been applied, but its result was lost. */
  @Test
  void aRowThatARepeatFindsMayBeItsOwn() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    AtomicInteger writes = new AtomicInteger();
    BatchWriter losing =
        batch ->
            writes.getAndIncrement() == 0
                ? Mono.error(new TimeoutException("lost"))
                : writer.write(batch);
    Schema schema =
        Schema.table("t")
            .columns("id")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    BatchPolicy policy = patient().maxSize(2).concurrency(1).rowVerdicts(true).build();
    BatchFlow flow = Rows.flow(losing, time).defaultPolicy(policy).build();
    Rows.Probe<WriteResult> found = watch(flow.submit(schema.row().set("id", 1L)));
    Rows.Probe<WriteResult> fresh = watch(flow.submit(schema.row().set("id", 2L)));
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(found.values.get(0).verdict()).isEqualTo(RowVerdict.WRITTEN);
    assertThat(fresh.values.get(0).verdict()).isEqualTo(RowVerdict.INSERTED);
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void withoutBeingAskedForEveryRowIsJustWritten(ConflictStrategy strategy) {
    assertThat(verdictsOf(writer, strategy, false, 1, 2, 2))
        .containsOnly(RowVerdict.WRITTEN)
        .hasSize(3);
  }

  @Test
  void theLastRowOfAKeyCarriesTheVerdictOfAnUpdate() {
    assertThat(verdictsOf(writer, ConflictStrategy.UPDATE, true, 3, 2, 3, 2, 4, 3))
        .containsExactly(
            RowVerdict.MERGED,
            RowVerdict.MERGED,
            RowVerdict.MERGED,
            RowVerdict.INSERTED,
            RowVerdict.INSERTED,
            RowVerdict.UPDATED);
  }

  @Test
  void theFirstRowOfAKeyCarriesTheVerdictOfAnIgnore() {
    assertThat(verdictsOf(writer, ConflictStrategy.IGNORE, true, 2, 1, 2, 1))
        .containsExactly(
            RowVerdict.INSERTED, RowVerdict.IGNORED, RowVerdict.IGNORED, RowVerdict.IGNORED);
  }

  @Test
  void mergingIsToldEvenWhereTheBackendTellsNothing() {
    BatchWriter silent = batch -> Mono.just(BatchResult.written(batch.size()));

    assertThat(verdictsOf(silent, ConflictStrategy.REPLACE, true, 1, 1, 2))
        .containsExactly(RowVerdict.MERGED, RowVerdict.WRITTEN, RowVerdict.WRITTEN);
  }
}
