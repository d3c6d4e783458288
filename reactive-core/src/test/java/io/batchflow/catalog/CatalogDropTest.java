package io.batchflow.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.FlowClosedException;
import io.batchflow.Rows;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A table is dropped after its rows were written and deleted. */
class CatalogDropTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final TableCatalog catalog =
      TableCatalog.builder(MemoryCatalogStore.create()).scheduler(time).build();
  private final RecordingWriter writer = RecordingWriter.create();
  private final BatchFlow flow = BatchFlow.builder(writer).scheduler(time).build();

  private CatalogBinding bound() {
    CatalogBinding binding = CatalogBinding.start(catalog, flow);
    time.advanceTime();
    return binding;
  }

  @Test
  void aTableIsDroppedWithTheRowsThatItHasGot() {
    catalog.create("events", TableSettings.none()).block();
    CatalogBinding binding = bound();
    writer.hold();
    flow.submit(Rows.event(1)).subscribe();
    time.advanceTime();
    List<Long> deleted = new ArrayList<>();

    binding
        .dropWithRows("events", table -> Mono.fromSupplier(() -> (long) writer.rows().size()))
        .subscribe(deleted::add);
    time.advanceTime();
    assertThat(catalog.describe("events").block().status()).isEqualTo(TableStatus.DELETING);
    List<Throwable> errors = new ArrayList<>();
    flow.submit(Rows.event(2)).subscribe(result -> {}, errors::add);
    time.advanceTimeBy(Duration.ofSeconds(5));
    assertThat(deleted).as("a row is in flight").isEmpty();
    writer.release();
    time.advanceTimeBy(Duration.ofMillis(999));
    assertThat(deleted).as("others may have rows").isEmpty();
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(deleted).containsExactly(1L);
    assertThat(errors).singleElement().isInstanceOf(FlowClosedException.class);
    assertThat(catalog.find("events").block()).isNull();
  }

  @Test
  void aDropThatFailedGoesOnWhenItIsRepeated() {
    catalog.create("events", TableSettings.none()).block();
    CatalogBinding binding = bound();
    List<Object> ends = new ArrayList<>();

    binding
        .dropWithRows("events", table -> Mono.error(new IllegalStateException("no")))
        .subscribe(ends::add, failure -> ends.add(failure.getMessage()));
    time.advanceTimeBy(Duration.ofSeconds(1));
    binding.dropWithRows("events", table -> Mono.just(7L)).subscribe(ends::add);
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(ends).containsExactly("no", 7L);
    assertThat(catalog.find("events").block()).isNull();
  }

  @Test
  void aTableThatIsReactivatedMeanwhileIsNotDropped() {
    catalog.create("events", TableSettings.none()).block();
    CatalogBinding binding = bound();
    List<String> deleted = new ArrayList<>();
    List<Throwable> errors = new ArrayList<>();

    binding
        .dropWithRows("events", table -> Mono.fromSupplier(() -> deleted.add(table) ? 7L : 0L))
        .subscribe(rows -> {}, errors::add);
    catalog.alter("events", table -> table.withStatus(TableStatus.ACTIVE)).block();
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(deleted).isEmpty();

    assertThat(errors).singleElement().isInstanceOf(CatalogConflictException.class);
    assertThat(catalog.find("events").block()).isNotNull();
  }
}
