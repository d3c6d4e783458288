package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Errors that Reactor treats as fatal and throws past all operators. */
abstract class FatalErrors {

  static final Duration A_LONG_TIME = Duration.ofHours(1);

  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final RecordingWriter writer = RecordingWriter.create();
  final List<Throwable> dropped = new ArrayList<>();

  @BeforeEach
  void collectDroppedErrors() {
    Hooks.onErrorDropped(dropped::add);
  }

  @AfterEach
  void resetHooks() {
    Hooks.resetOnErrorDropped();
  }

  static Stream<Named<Supplier<Error>>> errors() {
    return Stream.of(
        Named.of("StackOverflowError", () -> new StackOverflowError("simulated")),
        Named.of("OutOfMemoryError", () -> new OutOfMemoryError("simulated")),
        Named.of("NoClassDefFoundError", () -> new NoClassDefFoundError("simulated")),
        Named.of("InternalError", () -> new InternalError("simulated")),
        Named.of("AssertionError", () -> new AssertionError("simulated")));
  }

  BatchFlow.Builder flow(Function<Batch, Mono<BatchResult>> first) {
    AtomicInteger writes = new AtomicInteger();
    return Rows.flow(
            batch -> writes.getAndIncrement() == 0 ? first.apply(batch) : writer.write(batch), time)
        .defaultPolicy(patient().maxSize(2).build())
        .concurrency(1);
  }

  /**
   * Also fails rows 1 and 2 when they are written alone, since the flow tests a permanent failure.
   */
  BatchFlow.Builder brokenFor1And2(Function<Batch, Mono<BatchResult>> broken) {
    return Rows.flow(
            batch ->
                (long) batch.rows().get(0).value(0) <= 2
                    ? broken.apply(batch)
                    : writer.write(batch),
            time)
        .defaultPolicy(patient().maxSize(2).build())
        .concurrency(1);
  }

  /** Checks that the rows of the first batch end, and that the flow writes the next batch. */
  List<OutcomeStatus> firstBatch(BatchFlow flow, Schema schema) {
    List<Rows.Probe<WriteResult>> first =
        List.of(watch(flow.submit(row(schema, 1, "v"))), watch(flow.submit(row(schema, 2, "v"))));
    time.advanceTimeBy(A_LONG_TIME);
    List<Rows.Probe<WriteResult>> second =
        List.of(watch(flow.submit(row(schema, 3, "v"))), watch(flow.submit(row(schema, 4, "v"))));

    assertThat(first).allMatch(Rows.Probe::isDone);
    assertThat(second).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(flow.stats().writing()).isZero();
    assertThat(flow.stats().inFlight()).isZero();
    assertBalanced(flow);
    assertThat(watch(flow.close()).completions).isEqualTo(1);
    return Rows.statuses(first);
  }
}
