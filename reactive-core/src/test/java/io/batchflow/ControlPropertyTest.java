package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.control.TableControl;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Tables are retuned, paused, resumed, flushed and drained under load, on real threads. No row is
 * lost or stored twice, those that a drained table turns away are not stored, rows of a key keep
 * their order, and the ledger balances.
 */
class ControlPropertyTest {

  private static final int RUNS = 3;
  private static final int CHANGES = 1_000;
  private static final int PRODUCERS = 3;
  private static final int KEYS = 50;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<Schema> TABLES = List.of(Rows.EVENTS, Rows.UPSERTS);

  static LongStream seeds() {
    long first = System.nanoTime();
    return LongStream.range(first, first + RUNS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aThousandChangesLoseAndDoubleNothing(long seed) {
    Store store = new Store();
    BatchFlow flow =
        BatchFlow.builder(store)
            .maxPending(500)
            .defaultPolicy(BatchPolicy.builder().maxSize(50).build())
            .retry(Retry.fixedDelay(5, Duration.ofMillis(1)))
            .retryBudget(1_000_000, Duration.ofSeconds(1))
            .build();
    Producers producers = new Producers(flow);
    Mono<List<Outcome<Row>>> load = producers.start();

    new Changes(flow, new Random(seed)).make();
    producers.stop();
    List<Outcome<Row>> outcomes = load.block(LONG);
    flow.close().block(LONG);

    assertThat(outcomes).hasSizeGreaterThan(CHANGES);
    store.check(outcomes);
    LedgerAssertions.assertBalanced(flow);
    assertThat(flow.stats().waiting()).isZero();
  }

  /** Submits rows until it is stopped: half of them as streams, half one by one. */
  private static final class Producers {

    private final BatchFlow flow;
    private final AtomicLong ids = new AtomicLong();
    private volatile boolean stopped;

    Producers(BatchFlow flow) {
      this.flow = flow;
    }

    void stop() {
      stopped = true;
    }

    Mono<List<Outcome<Row>>> start() {
      List<Flux<Outcome<Row>>> all = new ArrayList<>();
      for (int producer = 0; producer < PRODUCERS; producer++) {
        all.add(flow.submitAll(rows(producer)));
        all.add(rows(PRODUCERS + producer).flatMapSequential(this::submit, 64));
      }
      Mono<List<Outcome<Row>>> outcomes =
          Flux.merge(all.stream().map(each -> each.subscribeOn(Schedulers.parallel())).toList())
              .collectList()
              .cache();
      outcomes.subscribe();
      return outcomes;
    }

    private Mono<Outcome<Row>> submit(Row row) {
      return flow.submit(row)
          .map(result -> Outcome.written(row, row, result.write(), 0))
          .onErrorResume(
              BatchFlowException.class, error -> Mono.just(Outcome.failed(row, row, error)));
    }

    /** A key belongs to one producer, whose values grow. */
    private Flux<Row> rows(int producer) {
      return Flux.generate(
          sink -> {
            if (stopped) {
              sink.complete();
              return;
            }
            long id = ids.incrementAndGet();
            boolean event = id % 2 == 0;
            long key = event ? id : producer + 2L * PRODUCERS * (id % KEYS);
            sink.next(Rows.row(event ? Rows.EVENTS : Rows.UPSERTS, key, id));
          });
    }
  }

  /** Changes the policies of both tables, and controls them in other ways in between. */
  private record Changes(BatchFlow flow, Random random) {

    void make() {
      for (int change = 0; change < CHANGES; change++) {
        TableControl table = flow.control(TABLES.get(random.nextInt(TABLES.size())).table());
        table.policy(policy(table.policy())).block(LONG);
        switch (random.nextInt(10)) {
          case 0 -> table.pause().subscribe();
          case 1 -> table.pause().block(LONG);
          case 2, 3, 4 -> table.resume().block(LONG);
          case 5 -> table.flush().subscribe();
          case 6 -> table.drain().then(table.resume()).block(LONG);
          default -> {}
        }
      }
      TABLES.forEach(table -> flow.control(table.table()).resume().block(LONG));
    }

    private BatchPolicy policy(BatchPolicy before) {
      BatchPolicy.Builder policy = before.toBuilder();
      switch (random.nextInt(8)) {
        case 0 -> policy.maxSize(1 + random.nextInt(100));
        case 1 -> policy.maxBytes(1 + random.nextInt(10_000));
        case 2 -> policy.maxDelay(Duration.ofMillis(random.nextInt(5)));
        case 3 -> policy.lingerWhenIdle(random.nextBoolean());
        case 4 -> policy.maxPausedRows(1 + random.nextInt(300));
        case 5 -> policy.share(List.of(0.3, 0.6, 1.0).get(random.nextInt(3)));
        case 6 -> policy.reserved(random.nextInt(2));
        default -> policy.concurrency(1 + random.nextInt(4));
      }
      return policy.build();
    }
  }

  /** Stores rows in memory, and fails some writes before they are applied. */
  private static final class Store implements BatchWriter {

    private final Map<Object, Integer> events = new ConcurrentHashMap<>();
    private final Map<Object, Long> upserts = new ConcurrentHashMap<>();

    @Override
    public Mono<BatchResult> write(Batch batch) {
      int dice = ThreadLocalRandom.current().nextInt(50);
      Mono<BatchResult> answer = Mono.fromSupplier(() -> store(batch));
      if (dice == 0) {
        return Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT));
      }
      return dice < 5 ? Mono.delay(Duration.ofMillis(1)).then(answer) : answer;
    }

    private BatchResult store(Batch batch) {
      for (Row row : batch.rows()) {
        if (batch.schema().equals(Rows.EVENTS)) {
          events.merge(id(row), 1, Integer::sum);
        } else {
          Long before = upserts.put(id(row), value(row));
          assertThat(before == null || before < value(row)).as("rows of a key in order").isTrue();
        }
      }
      return BatchResult.written(batch.size());
    }

    private static Object id(Row row) {
      return String.valueOf(row.value(0));
    }

    private static long value(Row row) {
      return (Long) Objects.requireNonNull(row.value(1));
    }

    void check(List<Outcome<Row>> outcomes) {
      Map<Object, Integer> written = new HashMap<>();
      Map<Object, Long> newest = new HashMap<>();
      for (Outcome<Row> outcome : outcomes) {
        if (outcome.error() instanceof FlowClosedException closed && closed.isTableDrained()) {
          continue;
        }
        assertThat(outcome.error()).isNull();
        Row row = outcome.row();
        if (row.schema().equals(Rows.EVENTS)) {
          written.merge(id(row), 1, Integer::sum);
        } else {
          newest.merge(id(row), value(row), Math::max);
        }
      }
      assertThat(events).isEqualTo(written).doesNotContainValue(2);
      assertThat(upserts).isEqualTo(newest);
    }

    @Override
    public FailureClassifier failureClassifier() {
      return RecordingWriter.create().failureClassifier();
    }
  }
}
