package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Rows whose sync failed are not accepted, but may be on the disk. A replay never writes them over
 * newer rows.
 */
class FailedSyncTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Schema SCHEMA =
      Schema.table("t")
          .columns("id", "v")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final MemoryStore log = new MemoryStore();

  private static Mono<Receipt> accept(Journal journal, int id, int value) {
    return journal.accept(
        JournalEntry.coming(SCHEMA.row().set("id", id).set("v", value), new byte[0]));
  }

  private void close(Journal journal) {
    log.full = false;
    journal.close(PATIENCE).block(PATIENCE);
    assertThat(log.rows()).isEmpty();
  }

  /** What the disk does at one step. */
  enum Disk {
    WORKS,
    SYNC_FAILS,
    SYNC_AND_REMOVAL_FAIL
  }

  /** Each step writes the keys from 0 in groups. Its number is the value of its rows. */
  @Property(tries = 50, seed = "20261127")
  void aReplayNeverWritesAnOlderValueOverANewerOne(
      @ForAll @Size(max = 12) List<Disk> disk, @ForAll @IntRange(min = 1, max = 3) int keys) {
    Journal journal = log.open(1_000);
    Map<Object, Object> table = new TreeMap<>();
    for (int step = 0; step < disk.size(); step++) {
      int value = step;
      log.unsynced = disk.get(step) != Disk.WORKS;
      log.full = disk.get(step) == Disk.SYNC_AND_REMOVAL_FAIL;
      int group = 1 + (step + keys) % 3;
      List<Receipt> accepted =
          Flux.range(0, group)
              .flatMap(id -> accept(journal, id, value).onErrorComplete(JournalException.class))
              .collectList()
              .blockOptional(PATIENCE)
              .orElseThrow();
      assertThat(accepted).hasSize(log.unsynced ? 0 : group);
      Flux.fromIterable(accepted).flatMap(Receipt::durable).blockLast(PATIENCE);
      accepted.forEach(receipt -> table.put(receipt.row().value("id"), value));

      Map<Object, Object> replayed = new TreeMap<>(table);
      log.rows().forEach(row -> replayed.put(row.value("id"), row.value("v")));
      table.forEach(
          (id, newest) ->
              assertThat((Integer) replayed.get(id)).isGreaterThanOrEqualTo((Integer) newest));
    }
    close(journal);
  }

  @Test
  void aRowThatWasNotAcceptedLeavesWithTheNextOne() {
    Journal journal = log.open(1_000);
    log.unsynced = true;
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> accept(journal, 1, 1).block(PATIENCE))
        .withMessageContaining("may still be written when the journal is opened again")
        .withMessageNotContaining("Input/output");
    assertThat(log.rows()).hasSize(1);
    assertThat(journal.pending()).isZero();

    log.unsynced = false;
    accept(journal, 2, 2).flatMap(Receipt::durable).block(PATIENCE);
    assertThat(log.rows()).noneMatch(row -> row.value("id").equals(1));
    close(journal);
  }

  @Test
  void aRowThatWasNotAcceptedLeavesAtClose() {
    Journal journal = log.open(1_000);
    log.unsynced = true;
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> accept(journal, 1, 1).block(PATIENCE));
    close(journal);
  }
}
