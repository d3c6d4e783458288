package io.batchflow.table;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchListener;
import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Overflow;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.ContextView;

/** A table takes objects, and tells each what became of it. */
class TableTest {

  private record Order(long id, String item) {}

  private static final Schema ORDERS =
      Schema.table("orders").columns("id", "item").conflictKey("id").build();

  private static final RowMapper<Order> MAPPER =
      RowMapper.of(ORDERS, (order, row) -> row.set(0, order.id()).set(1, order.item().trim()));

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final List<BatchFlowException> turnedAway = new ArrayList<>();

  private final BatchFlow flow =
      BatchFlow.builder(writer)
          .scheduler(time)
          .maxPending(10)
          .maxWait(Duration.ofMinutes(1))
          .defaultPolicy(BatchPolicy.builder().maxSize(10).build())
          .listener(
              new BatchListener() {
                @Override
                public void onTurnedAway(Row row, BatchFlowException reason, ContextView context) {
                  turnedAway.add(reason);
                }
              })
          .build();

  private final Table<Order> orders = flow.table(MAPPER);

  @AfterEach
  void everyRowHasItsOutcome() {
    writer.release();
    time.advanceTimeBy(Duration.ofMinutes(2));
    assertBalanced(flow);
  }

  private <T> List<Outcome<T>> outcomes(Flux<Outcome<T>> flux) {
    List<Outcome<T>> outcomes = new ArrayList<>();
    flux.subscribe(outcomes::add);
    time.advanceTimeBy(Duration.ofSeconds(1));
    return outcomes;
  }

  private static List<Object> items(List<Row> rows) {
    return rows.stream().map(row -> row.value("item")).toList();
  }

  @Test
  void anObjectIsWrittenAsTheRowOfItsMapper() {
    AtomicReference<WriteResult> result = new AtomicReference<>();
    orders.submit(new Order(1, " tea ")).subscribe(result::set);
    time.advanceTime();

    assertThat(result.get().batchSize()).isEqualTo(1);
    assertThat(items(writer.rows())).containsExactly("tea");
    assertThat(orders.schema()).isSameAs(ORDERS);
    assertThat(orders).hasToString("Table[Schema[table=orders, columns=[id, item]]]");
  }

  @Test
  void eachOutcomeHasTheSubmittedObject() {
    List<Order> given = List.of(new Order(1, "tea"), new Order(2, "milk"), new Order(3, "jam"));
    writer.rejectingRows(row -> "milk".equals(row.value("item")));

    List<Outcome<Order>> outcomes = outcomes(orders.submitAll(Flux.fromIterable(given)));

    assertThat(outcomes).extracting(Outcome::value).containsExactlyInAnyOrderElementsOf(given);
    assertThat(outcomes)
        .allSatisfy(
            outcome -> {
              assertThat(outcome.value()).isSameAs(given.get((int) outcome.value().id() - 1));
              assertThat(outcome.row().value("item")).isEqualTo(outcome.value().item());
              assertThat(outcome.isWritten()).isEqualTo(outcome.value().id() != 2);
            });
  }

  @Test
  void anObjectThatCannotBeMappedIsAnOutcomeAndTheStreamGoesOn() {
    Order bad = new Order(2, null);

    List<Outcome<Order>> outcomes =
        outcomes(orders.submitAll(Flux.just(new Order(1, "tea"), bad, new Order(3, "jam"))));

    assertThat(outcomes).hasSize(3).filteredOn(Outcome::isWritten).hasSize(2);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.status() == OutcomeStatus.INVALID)
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.value()).isSameAs(bad);
              assertThat(outcome.error()).isInstanceOf(InvalidRowException.class);
              assertThat(outcome.error().row()).isSameAs(outcome.row());
              assertThat(outcome.error())
                  .hasMessage(
                      "Row for table 'orders': the mapping of its object threw a"
                          + " NullPointerException. The cause is that exception: correct the"
                          + " object or the mapper.")
                  .hasCauseInstanceOf(NullPointerException.class);
              assertThat(outcome.row().isSet(0)).isTrue();
              assertThat(outcome.row().isSet(1)).isFalse();
            });
    assertThat(turnedAway).hasSize(1);
  }

  @Test
  void anErrorOfTheJvmInAMapperIsTheOutcomeOfItsObject() {
    RowMapper<Object> broken =
        RowMapper.of(
            ORDERS,
            (object, row) -> {
              throw new NoClassDefFoundError("gone");
            });

    assertThat(outcomes(flow.table(broken).submitAll(Flux.just("a", "b"))))
        .extracting(Outcome::status)
        .containsExactly(OutcomeStatus.INVALID, OutcomeStatus.INVALID);
  }

  @Test
  void aSingleObjectThatCannotBeMappedFailsItsOwnMono() {
    StepVerifier.create(orders.submit(new Order(1, null)))
        .verifyErrorSatisfies(
            failure ->
                assertThat(failure)
                    .isInstanceOfSatisfying(
                        InvalidRowException.class,
                        invalid -> {
                          assertThat(invalid.status()).isEqualTo(OutcomeStatus.INVALID);
                          assertThat(invalid.row().value("id")).isEqualTo(1L);
                        }));
    assertThat(turnedAway).hasSize(1);
    assertThat(writer.batches()).isEmpty();
  }

  @Test
  void anElementThatCannotBeReadIsAnOutcomeWithThatElement() {
    List<Outcome<String>> outcomes =
        outcomes(
            orders.submitAll(
                Flux.just("1", "two", "", "4"),
                line -> line.isEmpty() ? null : new Order(Long.parseLong(line), "tea")));

    assertThat(outcomes)
        .filteredOn(Outcome::isWritten)
        .extracting(Outcome::value)
        .containsExactlyInAnyOrder("1", "4");
    assertThat(outcomes)
        .filteredOn(outcome -> "two".equals(outcome.value()))
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.status()).isEqualTo(OutcomeStatus.INVALID);
              assertThat(outcome.error()).hasCauseInstanceOf(NumberFormatException.class);
              assertThat(outcome.error()).message().doesNotContain("two");
            });
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.value().isEmpty())
        .singleElement()
        .satisfies(
            outcome ->
                assertThat(outcome.error())
                    .hasMessage(
                        "Row for table 'orders': the object is null. Leave it out, or pass an"
                            + " object."));
  }

  @Test
  void aMapperThatSetsNoKeyMakesAnInvalidRow() {
    Table<String> keyless = flow.table(RowMapper.of(ORDERS, (item, row) -> row.set("item", item)));

    assertThat(outcomes(keyless.submitAll(Flux.just("tea"))))
        .singleElement()
        .satisfies(
            outcome ->
                assertThat(outcome.error())
                    .hasMessageContaining("required column 'id' is not set"));
  }

  @Test
  void objectsAreRequestedOnlyWhileTheFlowHasRoom() {
    writer.hold();
    TestPublisher<Order> source = TestPublisher.create();
    List<Long> requests = new ArrayList<>();
    Flux<Order> counted = source.flux().doOnRequest(requests::add);
    orders.submitAll(counted).subscribe();
    for (int id = 0; id < 10; id++) {
      source.next(new Order(id, "tea"));
      time.advanceTime();
    }

    assertThat(requests.stream().mapToLong(n -> n).sum()).isLessThanOrEqualTo(10);
    source.complete();
  }

  @Test
  void aTableThatFailsAndATableThatWaitsShareAFlow() {
    writer.hold();
    for (int id = 0; id < 10; id++) {
      orders.submit(new Order(id, "tea")).subscribe();
    }
    time.advanceTime();
    List<Throwable> failures = new ArrayList<>();
    List<WriteResult> results = new ArrayList<>();

    orders.submit(new Order(10, "waits")).subscribe(results::add);
    orders.with(Overflow.FAIL).submit(new Order(11, "fails")).subscribe(null, failures::add);
    orders.with(Overflow.FAIL).with(Overflow.WAIT).submit(new Order(12, "waits")).subscribe();
    time.advanceTime();

    assertThat(failures).singleElement().isInstanceOf(QueueFullException.class);
    assertThat(results).isEmpty();
    writer.release();
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(results).hasSize(1);
    assertThat(writer.rows()).hasSize(12);
  }

  @Test
  void aCancelledObjectIsWithdrawn() {
    writer.hold();
    orders.submit(new Order(1, "tea")).subscribe();
    time.advanceTime();
    orders.submit(new Order(2, "milk")).subscribe().dispose();
    time.advanceTime();

    assertThat(flow.stats().ledger().withdrawn()).isEqualTo(1);
  }

  @Test
  void aMissingMapperAndAMissingObjectAreNamed() {
    assertThatThrownBy(() -> flow.table((RowMapper<Order>) null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("mapper");
    assertThatThrownBy(() -> orders.submit(null))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("'orders'");
    assertThatThrownBy(() -> orders.with((Overflow) null))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> orders.submitAll(Mono.just("1"), null))
        .isInstanceOf(InvalidConfigurationException.class);
  }
}
