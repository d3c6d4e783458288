package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class OrderTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  private BatchFlow flowOf(int maxSize) {
    return Rows.flow(writer, time).defaultPolicy(patient().maxSize(maxSize).build()).build();
  }

  private Schema schema(ConflictStrategy strategy) {
    return Schema.table("t").columns("id", "a", "b").conflictKey("id").onConflict(strategy).build();
  }

  @Test
  void updateMergesRowsOfOneKeyColumnByColumn() {
    BatchFlow flow = flowOf(2);
    Schema update = schema(ConflictStrategy.UPDATE);

    Rows.Probe<WriteResult> first =
        watch(flow.submit(update.row().set("id", 1).set("a", "a1").set("b", "b1")));
    Rows.Probe<WriteResult> second = watch(flow.submit(update.row().set("id", 1L).set("b", null)));

    Row merged = writer.rows().get(0);
    assertThat(writer.sizes()).containsExactly(1);
    assertThat(merged.value("a")).isEqualTo("a1");
    assertThat(merged.isSet(2)).isTrue();
    assertThat(merged.value("b")).isNull();
    assertThat(first.values.get(0).batchSize()).isEqualTo(1);
    assertThat(second.values).hasSize(1);
    assertThat(flow.stats().merged()).isEqualTo(1);
    assertThat(assertBalanced(flow).written()).isEqualTo(2);
  }

  @Test
  void updateKeepsTheFirstValueOfAColumnThatConflictsDoNotUpdate() {
    BatchFlow flow = flowOf(2);
    Schema update =
        Schema.table("t")
            .columns("id", "a", "created")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .updateColumns("a")
            .build();

    watch(flow.submit(update.row().set("id", 1).set("a", 1).set("created", "then")));
    watch(flow.submit(update.row().set("id", 1).set("a", 2).set("created", "now")));

    assertThat(writer.rows().get(0).value("a")).isEqualTo(2);
    assertThat(writer.rows().get(0).value("created")).isEqualTo("then");
  }

  @Test
  void replaceKeepsTheLastRowWholeAndIgnoreTheFirst() {
    BatchFlow flow = flowOf(2);
    for (ConflictStrategy strategy : List.of(ConflictStrategy.REPLACE, ConflictStrategy.IGNORE)) {
      Schema schema = schema(strategy);
      watch(flow.submit(schema.row().set("id", 1).set("a", "first").set("b", "first")));
      watch(flow.submit(schema.row().set("id", 1).set("a", "last")));
      flow.flush().subscribe();
    }

    Row replaced = writer.rows().get(0);
    Row ignored = writer.rows().get(1);
    assertThat(replaced.value("a")).isEqualTo("last");
    assertThat(replaced.isSet(2)).isFalse();
    assertThat(ignored.value("a")).isEqualTo("first");
  }

  @Test
  void failAndRowsWithoutAWholeKeyAreNotMerged() {
    BatchFlow flow = flowOf(2);
    Schema fail = schema(ConflictStrategy.FAIL);
    watch(flow.submit(fail.row().set("id", 1)));
    watch(flow.submit(fail.row().set("id", 1)));
    Schema update = schema(ConflictStrategy.UPDATE);
    watch(flow.submit(update.row().set("id", null).set("a", 1)));
    watch(flow.submit(update.row().set("id", null).set("a", 2)));

    assertThat(writer.sizes()).containsExactly(2, 2);
  }

  @Test
  void rowsOfABatchAreSortedByKeyAndOtherwiseKeepTheirOrder() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(5).ordering(Ordering.NONE).build())
            .build();

    for (long id : new long[] {5, 3, 9, 1, 7}) {
      watch(flow.submit(row(UPSERTS, id, "v")));
    }
    for (long id : new long[] {5, 3, 9, 1, 7}) {
      watch(flow.submit(row(EVENTS, id, "v")));
    }

    assertThat(writer.rows())
        .extracting(row -> row.value("id"))
        .containsExactly(1L, 3L, 5L, 7L, 9L, 5L, 3L, 9L, 1L, 7L);
  }

  @Test
  void theLastSubmissionOfAKeyWinsAcrossBatchesThatFinishInAnyOrder() {
    Random random = new Random(42);
    List<Batch> finished = new ArrayList<>();
    BatchFlow flow =
        BatchFlow.builder(
                batch ->
                    reactor.core.publisher.Mono.delay(
                            Duration.ofMillis(1 + random.nextInt(50)), time)
                        .map(
                            tick -> {
                              finished.add(batch);
                              return BatchResult.written(batch.size());
                            }))
            .scheduler(time)
            .concurrency(4)
            .defaultPolicy(BatchPolicy.builder().maxSize(7).maxDelay(Duration.ofMillis(3)).build())
            .build();
    Map<Long, Integer> expected = new HashMap<>();

    for (int i = 0; i < 5_000; i++) {
      long id = random.nextInt(40);
      expected.put(id, i);
      watch(flow.submit(row(UPSERTS, id, i)));
      time.advanceTimeBy(Duration.ofNanos(random.nextInt(2_000_000)));
    }
    time.advanceTimeBy(Duration.ofMinutes(1));

    Map<Object, Object> stored = new HashMap<>();
    finished.forEach(
        batch -> batch.rows().forEach(row -> stored.put(row.value("id"), row.value("value"))));
    assertThat(stored).containsExactlyInAnyOrderEntriesOf(Map.copyOf(expected));
    assertThat(assertBalanced(flow).written()).isEqualTo(5_000);
  }

  @Test
  void whatABackendMayTellApartIsNotMergedAndKeepsItsOrder() {
    BatchFlow flow = flowOf(7);
    Schema update = schema(ConflictStrategy.UPDATE);
    Object[] keys = {
      new BigDecimal("7.00"), 7, 7L, (short) 7, new BigDecimal("7.0"), new BigDecimal("7.0"), 5L
    };
    for (Object key : keys) {
      watch(flow.submit(update.row().set("id", key).set("a", "x")));
    }
    watch(flow.submit(update.row().set("id", new byte[] {1, 2}).set("a", "x")));
    watch(flow.submit(update.row().set("id", new byte[] {1, 2}).set("a", "y")));
    flow.flush().subscribe();

    assertThat(writer.rows().subList(0, 4))
        .extracting(row -> row.value("id"))
        .containsExactly(5L, new BigDecimal("7.00"), 7, new BigDecimal("7.0"));
    assertThat(writer.sizes()).containsExactly(4, 1);
  }

  @Test
  void aRowWhoseKeyTheBackendMakesUpComesLast() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(3).ordering(Ordering.NONE).build())
            .build();
    Schema update = schema(ConflictStrategy.UPDATE);
    for (Object key : new Object[] {null, 1, 2}) {
      watch(flow.submit(update.row().set("id", key)));
    }

    assertThat(writer.rows()).extracting(row -> row.value("id")).containsExactly(1, 2, null);
  }
}
