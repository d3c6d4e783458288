package io.batchflow.catalog;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Rows;
import io.batchflow.stats.TableStats;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The tables of a flow follow a catalog. */
class CatalogBindingTest {

  private static final Duration LATER = Duration.ofMillis(500);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final CatalogStore store = MemoryCatalogStore.create();
  private final TableCatalog catalog =
      TableCatalog.builder(store)
          .scheduler(time)
          .defaults(TableSettings.builder().maxPausedRows(50).build())
          .build();
  private final RecordingWriter writer = RecordingWriter.create();
  private final BatchFlow flow =
      BatchFlow.builder(writer)
          .scheduler(time)
          .policy("events", BatchPolicy.builder().maxSize(7).build())
          .build();

  private static TableSettings size(int rows) {
    return TableSettings.builder().bufferSize(rows).build();
  }

  private BatchPolicy policy() {
    return flow.control("events").policy();
  }

  private CatalogBinding bound() {
    CatalogBinding binding = CatalogBinding.start(catalog, flow);
    time.advanceTime();
    return binding;
  }

  private void alter(TableStatus status) {
    catalog.alter("events", table -> table.withStatus(status)).block();
    time.advanceTime();
  }

  @Test
  void aTableHasThePolicyOfTheCatalogWhenTheBindingIsReady() {
    catalog.create("events", size(3)).block();

    CatalogBinding binding = CatalogBinding.start(catalog, flow);
    AtomicInteger ready = new AtomicInteger();
    binding.ready().subscribe(nothing -> {}, error -> {}, ready::incrementAndGet);
    time.advanceTime();

    assertThat(ready).hasValue(1);
    assertThat(policy().maxSize()).isEqualTo(3);
    assertThat(policy().maxPausedRows()).as("by the defaults").isEqualTo(50);
  }

  @Test
  void aChangeRetunesTheLiveTable() {
    catalog.create("events", size(3)).block();
    bound();
    Flux.range(0, 6).flatMap(id -> flow.submit(Rows.event(id))).subscribe();
    time.advanceTime();

    catalog.alter("events", table -> table.withSettings(size(100))).block();
    time.advanceTime();

    assertThat(policy().maxSize()).isEqualTo(100);
    assertThat(flow.stats().tables())
        .singleElement()
        .extracting(TableStats::policy)
        .returns(100, BatchPolicy::maxSize);
  }

  @Test
  void aSettingThatIsUnsetAgainHasTheValueOfTheFlow() {
    catalog.create("events", size(3)).block();
    bound();

    catalog.alter("events", table -> table.withSettings(TableSettings.none())).block();
    time.advanceTime();

    assertThat(policy().maxSize()).isEqualTo(7);
  }

  @Test
  void aDroppedTableIsAsTheFlowWasBuilt() {
    catalog.create("events", size(3)).block();
    bound();
    alter(TableStatus.PAUSED);

    catalog.drop("events").block();
    time.advanceTime();

    assertThat(policy().maxSize()).isEqualTo(7);
    assertThat(policy().maxPausedRows()).isEqualTo(10_000);
    assertThat(flow.control("events").isPaused()).isFalse();
  }

  @Test
  void theStatusPausesResumesAndDrains() {
    catalog.create("events", size(3)).block();
    bound();

    alter(TableStatus.PAUSED);
    assertThat(flow.control("events").isPaused()).isTrue();
    List<Throwable> errors = new ArrayList<>();
    flow.submit(Rows.event(1)).subscribe(result -> {}, errors::add);
    alter(TableStatus.DRAINING);
    assertThat(writer.rows()).hasSize(1);
    flow.submit(Rows.event(2)).subscribe(result -> {}, errors::add);
    time.advanceTime();
    assertThat(errors).singleElement().isInstanceOf(FlowClosedException.class);
    alter(TableStatus.ACTIVE);
    flow.submit(Rows.event(3)).subscribe(result -> {}, errors::add);
    time.advanceTime();

    assertThat(writer.rows()).hasSize(2);
    assertThat(assertBalanced(flow).written()).isEqualTo(2);
  }

  @Test
  void aChangeOfAnotherProcessAppliesWithinThePollInterval() {
    catalog.create("events", size(3)).block();
    bound();
    TableCatalog otherProcess = TableCatalog.builder(store).scheduler(time).build();

    otherProcess.alter("events", table -> table.withSettings(size(4))).block();
    time.advanceTimeBy(LATER);

    assertThat(policy().maxSize()).isEqualTo(4);
  }

  @Test
  void aPauseThatTakesLongDelaysNoOtherTable() {
    catalog.create("events", size(3)).block();
    catalog.create("upserts", TableSettings.none()).block();
    bound();
    writer.hold();
    flow.submit(Rows.event(1)).subscribe();
    time.advanceTime();

    alter(TableStatus.PAUSED); // completes when the row is written
    catalog.alter("upserts", table -> table.withSettings(size(9))).block();
    time.advanceTime();

    assertThat(flow.control("upserts").policy().maxSize()).isEqualTo(9);
    writer.release();
  }

  /** A buffer larger than the room of the flow contradicts it. */
  @Test
  void aPolicyThatTheFlowRefusesIsDescribed() {
    catalog.create("events", size(3)).block();
    CatalogBinding binding = bound();

    catalog.alter("events", table -> table.withSettings(size(1_000_000))).block();
    time.advanceTime();
    TableDescription refused = binding.describe("events").block();
    catalog.alter("events", table -> table.withSettings(size(5))).block();
    time.advanceTime();
    TableDescription accepted = binding.describe("events").block();

    assertThat(refused.failure()).isInstanceOf(InvalidConfigurationException.class);
    assertThat(refused.policy().maxSize()).isEqualTo(3);
    assertThat(accepted.failure()).isNull();
    assertThat(accepted.policy().maxSize()).isEqualTo(5);
  }

  /** Each process has defaults of its own. */
  @Test
  void settingsThatContradictTheDefaultsOfThisProcessAreDescribed() {
    TableCatalog impatient =
        TableCatalog.builder(store)
            .scheduler(time)
            .defaults(TableSettings.builder().deliveryTimeout(Duration.ofSeconds(1)).build())
            .build();
    CatalogBinding binding = CatalogBinding.start(impatient, flow);
    Duration slow = Duration.ofSeconds(2);
    catalog
        .create("events", TableSettings.builder().bufferSize(3).flushInterval(slow).build())
        .block();
    time.advanceTimeBy(LATER);
    assertThat(policy().maxSize()).isEqualTo(7);

    catalog.alter("events", table -> table.withSettings(size(5))).block();
    time.advanceTimeBy(LATER);

    assertThat(policy().maxSize()).isEqualTo(5);
    assertThat(binding.describe("events").block().failure()).isNull();
  }

  @Test
  void aSettingThatIsNotOfThePolicyRetunesNothing() {
    catalog.create("events", size(3)).block();
    bound();
    BatchPolicy before = policy();

    catalog
        .alter("events", table -> table.withSettings(size(3).toBuilder().retentionDays(9).build()))
        .block();
    time.advanceTime();

    assertThat(policy()).isSameAs(before);
  }

  @Test
  void aDescriptionHasTheStatisticsOfTheFlow() {
    catalog.create("events", size(3)).block();
    CatalogBinding binding = bound();
    flow.submit(Rows.event(1)).subscribe();
    time.advanceTime();

    TableDescription events = binding.describe("events").block();

    assertThat(events.table().name()).isEqualTo("events");
    assertThat(events.settings().maxPausedRows()).isEqualTo(50);
    assertThat(events.paused()).isFalse();
    assertThat(events.stats()).singleElement().returns(1L, table -> table.ledger().written());
    assertThatThrownBy(() -> binding.describe("missing").block())
        .isInstanceOf(TableMissingException.class);
  }

  @Test
  void afterItsDisposalTheTablesStayAsTheyAre() {
    catalog.create("events", size(3)).block();
    CatalogBinding binding = bound();

    binding.dispose();
    catalog.alter("events", table -> table.withSettings(size(5))).block();
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(binding.isDisposed()).isTrue();
    assertThat(policy().maxSize()).isEqualTo(3);
  }

  @Test
  void aFlowThatIsClosedFirstIsNoFault() {
    catalog.create("events", size(3)).block();
    CatalogBinding binding = bound();
    flow.close().subscribe();
    time.advanceTime();

    catalog.alter("events", table -> table.withSettings(size(5))).block();
    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(binding.describe("events").block().failure())
        .isInstanceOf(FlowClosedException.class);
    assertThat(binding.isDisposed()).isFalse();
    binding.dispose();
  }
}
