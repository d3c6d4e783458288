package io.batchflow;

import static io.batchflow.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** A caller is told the values of its own row: null if it was ignored, nothing if in doubt. */
class ReturnedValuesTest {

  private static final Schema NEW =
      Schema.table("things")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.IGNORE)
          .build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Store store = new Store();
  private final BatchFlow flow =
      BatchFlow.builder(store)
          .scheduler(time)
          .retry(Retry.fixedDelay(3, Duration.ofMillis(10)))
          .defaultPolicy(Rows.patient().returning("number").build())
          .build();

  /** Numbers new rows and ignores others. */
  private static final class Store implements BatchWriter {

    private final Map<Object, Integer> numbers = new HashMap<>();
    private boolean losesResult;
    private boolean knowsValues = true;

    @Override
    public Mono<BatchResult> write(Batch batch) {
      List<Map<String, Object>> values = batch.rows().stream().map(this::store).toList();
      if (losesResult) {
        losesResult = false;
        return Mono.error(RecordingWriter.failure(FailureKind.UNKNOWN));
      }
      return Mono.just(BatchResult.written(batch.size()).withValues(values));
    }

    private Map<String, Object> store(Row row) {
      Object key = Objects.requireNonNull(row.value("id"));
      int next = numbers.size() + 1;
      Integer number = numbers.putIfAbsent(key, next) == null ? next : null;
      return Collections.singletonMap("number", number);
    }

    @Override
    public boolean returnsValues() {
      return knowsValues;
    }

    @Override
    public KeyEquality keyEquality(Schema schema) {
      return KeyEquality.byValue();
    }

    @Override
    public FailureClassifier failureClassifier() {
      return RecordingWriter.create().failureClassifier();
    }
  }

  private List<WriteResult> written(long... ids) {
    Flux<Outcome<Row>> outcomes =
        flow.submitAll(Flux.fromStream(Stream.of(box(ids))).map(id -> row(NEW, id, "v")));
    List<Outcome<Row>> all = new ArrayList<>();
    outcomes.subscribe(all::add);
    flow.flush().subscribe();
    time.advanceTimeBy(Duration.ofSeconds(5));
    return all.stream().map(Outcome::result).map(Objects::requireNonNull).toList();
  }

  private static Long[] box(long... ids) {
    Long[] boxed = new Long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      boxed[i] = ids[i];
    }
    return boxed;
  }

  @Test
  void onlyTheFirstRowOfAKeyIsStored() {
    assertThat(written(7, 8, 7, 7))
        .extracting(result -> result.value("number"))
        .containsExactly(1, 2, null, null);
    assertThat(written(8, 9)).extracting(result -> result.value("number")).containsExactly(null, 3);
  }

  @Test
  void aRowThatExistsAfterALostResultMayBeTheCallersOwn() {
    store.losesResult = true;

    assertThat(written(7))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.attempts()).isEqualTo(2);
              assertThatThrownBy(() -> result.value("number"))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessage("The stored value of column 'number' is not known");
            });
  }

  @Test
  void aSchemaAsksForValuesWhateverThePolicy() {
    Schema asking = Schema.table("things").columns("id").returning("number").build();
    BatchFlow plain =
        BatchFlow.builder(store).scheduler(time).defaultPolicy(Rows.patient().build()).build();
    List<WriteResult> results = new ArrayList<>();

    plain.submit(asking.row().set("id", 5L)).subscribe(results::add);
    plain.flush().subscribe();
    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(results).singleElement().extracting(result -> result.value("number")).isEqualTo(1);
  }

  @Test
  void aWriterThatKnowsNoValuesGetsNoRowThatAsksForThem() {
    Schema asking = Schema.table("things").columns("id").returning("number").build();
    store.knowsValues = false;
    BatchFlow plain = BatchFlow.builder(store).scheduler(time).build();
    List<Throwable> errors = new ArrayList<>();

    plain.submit(asking.row().set("id", 5L)).subscribe(result -> {}, errors::add);
    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(errors)
        .singleElement()
        .isInstanceOf(InvalidRowException.class)
        .satisfies(
            error ->
                assertThat(error)
                    .hasMessageContaining("'things'")
                    .hasMessageContaining("returnsValues"));
    assertThat(plain.stats().ledger().admitted()).isZero();
  }
}
