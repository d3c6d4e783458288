package io.batchflow.routing;

import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Writers that look a table up before they know how it compares keys. */
class RoutingLookUpTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter second = RecordingWriter.create();

  /** Compares keys by a rule of its own, which it has to look up. */
  private static final class LooksUp implements BatchWriter {

    private final KeyEquality rule;
    private @Nullable KeyEquality known;
    Mono<Void> answer = Mono.empty();
    int writes;

    LooksUp(KeyEquality rule) {
      this.rule = rule;
    }

    @Override
    public Mono<BatchResult> write(Batch batch) {
      return Mono.fromCallable(
          () -> {
            writes++;
            return BatchResult.written(batch.size());
          });
    }

    @Override
    public @Nullable KeyEquality keyEquality(Schema schema) {
      return known;
    }

    @Override
    public Mono<Void> lookUp(Schema schema) {
      return answer.then(Mono.fromRunnable(() -> known = rule));
    }
  }

  private RoutingWriter turns(BatchWriter one, BatchWriter other) {
    return RoutingWriter.roundRobin()
        .writer("one", one)
        .writer("other", other)
        .sameData(true)
        .scheduler(time)
        .build();
  }

  @Test
  void eachWriterLooksATableUpBeforeItsFirstBatch() {
    LooksUp one = new LooksUp(KeyEquality.byBackend());
    LooksUp other = new LooksUp(KeyEquality.byBackend());
    BatchFlow flow = BatchFlow.builder(turns(one, other)).scheduler(time).build();
    for (int i = 0; i < 4; i++) {
      flow.submit(row(UPSERTS, i, i)).subscribe();
      time.advanceTimeBy(Duration.ofSeconds(1));
    }
    assertThat(List.of(one.writes, other.writes)).containsExactly(2, 2);
  }

  /** Compares keys by their values, and knows that equal ones are the same. */
  private record Exact() implements KeyEquality {

    @Override
    public @Nullable Object key(Row row) {
      return row.value("id");
    }

    @Override
    public boolean isExact() {
      return true;
    }
  }

  @Test
  void aWriterThatComparesKeysInAnotherWayGetsNoRowsOfTheTable() {
    LooksUp one = new LooksUp(new Exact());
    LooksUp other = new LooksUp(KeyEquality.byValue());
    BatchFlow flow = BatchFlow.builder(turns(one, other)).scheduler(time).build();
    for (int i = 0; i < 4; i++) {
      flow.submit(row(UPSERTS, i, i)).subscribe();
      time.advanceTimeBy(Duration.ofSeconds(1));
    }
    assertThat(List.of(one.writes, other.writes)).containsExactly(4, 0);
    assertThat(flow.stats().ledger().written()).isEqualTo(4);
  }

  @Test
  void aBatchIsWithdrawnWhileItsTableIsLookedUp() {
    LooksUp one = new LooksUp(KeyEquality.byValue());
    one.answer = Mono.never();
    RoutingWriter writer = turns(one, second);
    Batch batch = Batch.of(List.of(row(UPSERTS, 1, 1)));
    writer.write(batch).subscribe();
    assertThat(writer.withdraw(batch)).isTrue();
    assertThat(writer.abandon(batch).block()).isTrue();
  }

  @Test
  void aLookUpThatLosesItsSessionHasSentNothing() {
    LooksUp one = new LooksUp(KeyEquality.byValue());
    one.answer = Mono.error(new IOException("lost"));
    BatchFlow flow = BatchFlow.builder(turns(one, second)).scheduler(time).build();
    flow.submit(row(UPSERTS, 1, 1)).subscribe();
    time.advanceTimeBy(Duration.ofMinutes(1));
    assertThat(second.rows()).hasSize(1);
    assertThat(flow.stats().ledger().unknown()).isZero();
  }
}
