package io.batchflow.tuning;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchListener;
import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Rows;
import io.batchflow.audit.AuditTrail;
import io.batchflow.control.TableOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.ContextView;
import reactor.util.retry.Retry;

/** Tables of a flow are tuned, in virtual time. */
class SelfTunerTest {

  private static final Tuning TUNING =
      Tuning.builder().rows(10, 2_000).latencyTarget(Duration.ofSeconds(10)).build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final ModelWriter server =
      new ModelWriter(time, Duration.ofMillis(10), Duration.ofNanos(200_000), 3);
  private final List<String> changedBy = new ArrayList<>();
  private final BatchListener operations =
      new BatchListener() {
        @Override
        public void onTableOperation(TableOperation operation, ContextView context) {
          changedBy.add(context.getOrDefault(AuditTrail.USER, "nobody"));
        }
      };

  private SelfTuner.Builder builder(Tuning tuning) {
    return SelfTuner.builder().scheduler(time).table("events", tuning);
  }

  private BatchFlow flow(SelfTuner tuner, BatchPolicy policy) {
    return BatchFlow.builder(server)
        .scheduler(time)
        .concurrency(6)
        .defaultPolicy(policy)
        .retry(Retry.fixedDelay(100, Duration.ofMillis(10)))
        .listener(tuner)
        .listener(operations)
        .build();
  }

  private static BatchPolicy policy(int size, int slots) {
    return BatchPolicy.builder().maxSize(size).concurrency(slots).build();
  }

  private static BatchPolicy policy(BatchFlow flow) {
    return flow.control("events").policy();
  }

  private static Disposable load(BatchFlow flow) {
    return flow.submitAll(Flux.range(0, Integer.MAX_VALUE).map(Rows::event)).subscribe();
  }

  private void seconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.advanceTimeBy(Duration.ofSeconds(1));
    }
  }

  static Stream<BatchPolicy> starts() {
    return Stream.of(policy(10, 1), policy(2_000, 6), policy(1_000, 3));
  }

  @ParameterizedTest
  @MethodSource("starts")
  void aFlowUnderLoadFindsTheSizeAndTheSlots(BatchPolicy start) {
    SelfTuner tuner = builder(TUNING).build();
    BatchFlow flow = flow(tuner, start);
    tuner.start(flow);
    Disposable load = load(flow);

    seconds(60);
    load.dispose();

    TuningState state = tuner.states().get(0);
    assertThat(state.rows()).isBetween(450, 550);
    assertThat(state.slots()).isBetween(3, 4);
    assertThat(state.fixedNanos() / server.fixed).isBetween(0.9, 1.4);
    assertThat(state.nanosPerRow() / server.perRow).isBetween(0.9, 1.4);
    assertThat(policy(flow).maxSize()).isBetween(state.rows() / 4, state.rows());
    assertThat(policy(flow).concurrency()).isEqualTo(state.slots());
    assertThat(changedBy).isNotEmpty().containsOnly("self-tuning");
    seconds(10);
    assertBalanced(flow);
  }

  @Test
  void nothingElseOfThePolicyChanges() {
    SelfTuner tuner = builder(Tuning.builder().rows(10, 2_000).maxBytes(1_000_000).build()).build();
    BatchPolicy start =
        policy(1_000, 3).toBuilder().maxDelay(Duration.ofMillis(77)).maxPausedRows(5).build();
    BatchFlow flow = flow(tuner, start);
    tuner.start(flow);
    load(flow);

    seconds(30);

    assertThat(policy(flow))
        .returns(Duration.ofMillis(77), BatchPolicy::maxDelay)
        .returns(5, BatchPolicy::maxPausedRows)
        .returns(1_000_000L, BatchPolicy::maxBytes)
        .doesNotReturn(1_000, BatchPolicy::maxSize);
  }

  @Test
  void overloadCutsTheSlotsAtOnce() {
    SelfTuner tuner = builder(TUNING).build();
    BatchFlow flow = flow(tuner, policy(400, 6));
    tuner.start(flow);
    load(flow);
    time.advanceTimeBy(Duration.ofMillis(500));
    assertThat(policy(flow).concurrency()).isEqualTo(6);

    server.overloaded = true;
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(policy(flow).concurrency()).isEqualTo(4);
  }

  @Test
  void aServerThatStopsToAnswerCutsTheSlotsWithinAPeriod() {
    SelfTuner tuner = builder(Tuning.builder().rows(10, 100).build()).build();
    BatchFlow flow = flow(tuner, policy(100, 6));
    server.perRow /= 10;
    tuner.start(flow);
    load(flow);
    seconds(20);
    int slots = policy(flow).concurrency();

    server.fixed *= 1_000;
    seconds(2);

    assertThat(policy(flow).concurrency()).isLessThan(slots);
  }

  @Test
  void itGoesOnFromWhatOthersHaveSet() {
    SelfTuner tuner = builder(TUNING).build();
    BatchFlow flow = flow(tuner, policy(100, 2));
    tuner.start(flow);
    seconds(2);

    flow.control("events").policy(policy(300, 5)).subscribe();
    seconds(2);

    assertThat(policy(flow))
        .returns(300, BatchPolicy::maxSize)
        .returns(5, BatchPolicy::concurrency);
    assertThat(tuner.state("events"))
        .returns(300, TuningState::rows)
        .returns(5, TuningState::slots);
  }

  @Test
  void sizesOfOthersStayWithinTheBounds() {
    SelfTuner tuner = builder(TUNING).build();
    BatchFlow flow = flow(tuner, policy(100, 2));
    tuner.start(flow);
    seconds(2);

    flow.control("events").policy(policy(5_000, 5)).subscribe();
    seconds(2);

    assertThat(policy(flow).maxSize()).isEqualTo(2_000);
  }

  @Test
  void aLaterTunerStartsWhereAnEarlierOneEnded() {
    List<TuningState> found = List.of(new TuningState("events", 450, 3, 5e7, 1e6));
    SelfTuner tuner = builder(TUNING).resume(found).build();
    BatchFlow flow = flow(tuner, policy(1_000, 6));

    tuner.start(flow);
    seconds(1);

    assertThat(policy(flow))
        .returns(450, BatchPolicy::maxSize)
        .returns(3, BatchPolicy::concurrency);
    assertThat(tuner.states()).isEqualTo(found);
  }

  @Test
  void afterItsDisposalTheTableKeepsItsPolicy() {
    SelfTuner tuner = builder(TUNING).build();
    BatchFlow flow = flow(tuner, policy(10, 1));
    tuner.start(flow);
    load(flow);
    seconds(5);

    tuner.dispose();
    seconds(1);
    BatchPolicy last = policy(flow);
    seconds(20);

    assertThat(tuner.isDisposed()).isTrue();
    assertThat(policy(flow)).isSameAs(last);
  }

  @Test
  void aRefusedPolicyIsReportedAndTheTableKeepsItsOwn() {
    SelfTuner tuner = builder(Tuning.builder().maxBytes(1L << 40).build()).build();
    BatchFlow flow = flow(tuner, policy(10, 1));

    tuner.start(flow);
    seconds(1);

    assertThat(tuner.failure("events"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("maxPendingBytes");
    assertThat(policy(flow).maxSize()).isEqualTo(10);
  }

  @Test
  void otherTablesKeepTheirPolicy() {
    SelfTuner tuner = SelfTuner.builder().scheduler(time).table("others", TUNING).build();
    BatchFlow flow = flow(tuner, policy(100, 2));
    tuner.start(flow);
    load(flow);

    seconds(20);

    assertThat(policy(flow).maxSize()).isEqualTo(100);
    assertThat(tuner.state("events")).isNull();
    assertThat(tuner.tables()).containsExactly("others");
  }

  @Test
  void itIsStartedOnce() {
    SelfTuner tuner = builder(TUNING).build();
    assertThat(tuner.states()).isEmpty();
    BatchFlow flow = flow(tuner, policy(100, 2));
    tuner.start(flow);

    assertThatThrownBy(() -> tuner.start(flow)).isInstanceOf(IllegalStateException.class);
    SelfTuner disposed = builder(TUNING).build();
    disposed.dispose();
    assertThatThrownBy(() -> disposed.start(flow)).isInstanceOf(IllegalStateException.class);
  }

  static Stream<Consumer<Tuning.Builder>> badOptions() {
    return Stream.of(
        bounds -> bounds.rows(0, 10),
        bounds -> bounds.rows(11, 10),
        bounds -> bounds.slots(0, 1),
        bounds -> bounds.maxBytes(0),
        bounds -> bounds.latencyTarget(Duration.ZERO),
        bounds -> bounds.period(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @MethodSource("badOptions")
  void optionsOutOfBoundsAreRefused(Consumer<Tuning.Builder> bad) {
    assertThatThrownBy(() -> bad.accept(Tuning.builder()))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void statesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new TuningState("events", 0, 1, 0, 0))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> new TuningState("events", 1, 1, Double.NaN, 0))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> SelfTuner.builder().build())
        .isInstanceOf(InvalidConfigurationException.class);
  }
}
