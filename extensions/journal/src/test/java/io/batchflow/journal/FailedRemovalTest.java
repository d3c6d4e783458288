package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** A disk that is full when rows are removed never leaves an old row without the newer one. */
class FailedRemovalTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Schema SCHEMA =
      Schema.table("t")
          .columns("id", "v")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final MemoryStore log = new MemoryStore();

  private static void write(Journal journal, int id, int value) {
    Row row = SCHEMA.row().set("id", id).set("v", value);
    journal.accept(JournalEntry.coming(row, new byte[0])).flatMap(Receipt::durable).block(PATIENCE);
  }

  /**
   * Removal fails at some steps. A crash after any step never replays an old value over a newer
   * one.
   */
  @Property(tries = 50, seed = "20261126")
  void aReplayLeavesTheNewestValues(@ForAll @Size(max = 12) List<Boolean> fullAtStep) {
    Journal journal = log.open(1_000);
    Map<Object, Object> table = new TreeMap<>();
    for (int step = 0; step < fullAtStep.size(); step++) {
      log.full = fullAtStep.get(step);
      write(journal, step % 3, step);
      table.put(step % 3, step);
      Map<Object, Object> replayed = new TreeMap<>(table);
      log.rows().forEach(row -> replayed.put(row.value("id"), row.value("v")));
      assertThat(replayed).isEqualTo(table);
    }
    log.full = false;
    journal.close(PATIENCE).block(PATIENCE);
    assertThat(log.rows()).isEmpty();
  }

  @Test
  void rowsThatCannotBeRemovedAreBounded() {
    Journal journal = log.open(10);
    log.full = true;
    IntStream.range(0, 10).forEach(id -> write(journal, id, id));
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> IntStream.range(0, 10).forEach(id -> write(journal, id, id)))
        .withMessageContaining("cannot remove 1");
    log.full = false;
    write(journal, 1, 1);
    journal.close(PATIENCE).block(PATIENCE);
    assertThat(log.rows()).isEmpty();
  }
}
