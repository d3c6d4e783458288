package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.health.HealthPolicy;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class OptionsTest {

  private static BatchFlow.Builder flow() {
    return BatchFlow.builder(RecordingWriter.create());
  }

  private static BatchPolicy.Builder policy() {
    return BatchPolicy.builder();
  }

  private static Arguments bad(String option, ThrowingCallable call) {
    return Arguments.of(option, call);
  }

  static Stream<Arguments> impossibleOptions() {
    Duration negative = Duration.ofMillis(-1);
    return Stream.of(
        bad("maxSize", () -> policy().maxSize(0)),
        bad("maxSize", () -> policy().maxSize(-1)),
        bad("maxBytes", () -> policy().maxBytes(0)),
        bad("maxDelay", () -> policy().maxDelay(negative)),
        bad("maxDelay", () -> policy().maxDelay(Duration.ofDays(2))),
        bad("concurrency", () -> policy().concurrency(0)),
        bad("deliveryTimeout", () -> policy().deliveryTimeout(Duration.ZERO)),
        bad(
            "maxDelay",
            () ->
                policy()
                    .maxDelay(Duration.ofSeconds(1))
                    .deliveryTimeout(Duration.ofSeconds(1))
                    .build()),
        bad("concurrency", () -> flow().concurrency(0)),
        bad("concurrency", () -> flow().concurrency(1_025)),
        bad("maxPending", () -> flow().maxPending(-5)),
        bad("maxPending", () -> flow().maxPending(1 << 20)),
        bad("maxPendingBytes", () -> flow().maxPendingBytes(1)),
        bad("maxWaiters", () -> flow().maxWaiters(0)),
        bad("maxWait", () -> flow().maxWait(Duration.ZERO)),
        bad("closeTimeout", () -> flow().closeTimeout(negative)),
        bad("maxFullness", () -> HealthPolicy.builder().maxFullness(0)),
        bad("maxFullness", () -> HealthPolicy.builder().maxFullness(1.01)),
        bad("maxFullness", () -> HealthPolicy.builder().maxFullness(Double.NaN)),
        bad("maxAge", () -> HealthPolicy.builder().maxAge(Duration.ZERO)),
        bad("downAfter", () -> HealthPolicy.builder().downAfter(negative)),
        bad("maxPending", () -> flow().maxPending(999).build()),
        bad("maxPendingBytes", () -> flow().maxPendingBytes(1 << 20).build()),
        bad(
            "concurrency",
            () -> flow().concurrency(2).defaultPolicy(policy().concurrency(3).build()).build()),
        bad("concurrency", () -> BatchFlow.builder(new OneAtATime()).concurrency(2).build()),
        bad(
            "returning",
            () ->
                BatchFlow.builder(new OneAtATime())
                    .defaultPolicy(policy().returning("id").build())
                    .build()),
        bad("scheduler", () -> flow().scheduler(Schedulers.immediate()).build()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("missingOptions")
  @SuppressWarnings("NullAway") // what callers without a checker may pass
  void anOptionThatIsNullIsRejectedByName(String option, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class, e -> assertThat(e.option()).isEqualTo(option))
        .hasMessageStartingWith("Option '" + option + "' is null");
  }

  @SuppressWarnings("NullAway") // what callers without a checker may pass
  static Stream<Arguments> missingOptions() {
    Schema orders = Schema.table("orders").columns("id").build();
    return Stream.of(
        bad("writer", () -> BatchFlow.builder(null)),
        bad("defaultPolicy", () -> flow().defaultPolicy(null)),
        bad("policy", () -> flow().policy(orders, null)),
        bad("policy", () -> flow().policy((Schema) null, policy().build())),
        bad("policy", () -> flow().policy((String) null, policy().build())),
        bad("policy", () -> flow().policy("orders", null)),
        bad("maxWait", () -> flow().maxWait(null)),
        bad("closeTimeout", () -> flow().closeTimeout(null)),
        bad("retry", () -> flow().retry(null)),
        bad("failureClassifier", () -> flow().failureClassifier(null)),
        bad("deadLetter", () -> flow().deadLetter(null)),
        bad("healthPolicy", () -> flow().healthPolicy(null)),
        bad("listener", () -> flow().listener(null)),
        bad("scheduler", () -> flow().scheduler(null)),
        bad("maxDelay", () -> policy().maxDelay(null)));
  }

  @Test
  void theDefaultConcurrencyFitsASmallerWriter() {
    BatchFlow flow = BatchFlow.builder(new OneAtATime()).build();

    assertThat(flow.stats().concurrency()).isEqualTo(1);
    flow.close().block(Rows.SOON);
  }

  private static final class OneAtATime implements BatchWriter {

    @Override
    public Mono<BatchResult> write(Batch batch) {
      return Mono.just(BatchResult.written(batch.size()));
    }

    @Override
    public int maxConcurrency() {
      return 1;
    }

    @Override
    public boolean returnsValues() {
      return false;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("impossibleOptions")
  void impossibleOptionsAreRejectedByNameWithARemedy(String option, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class, e -> assertThat(e.option()).isEqualTo(option))
        .hasMessageStartingWith("Option '" + option + "'")
        .hasMessageMatching("(?s).*[.:] ?(Give|Use|A full batch|Raise|Rows would|Batches would).*");
  }

  @Test
  void aPolicyOfOneTableIsCheckedByThatTablesName() {
    Schema orders = Schema.table("orders").columns("id").build();

    assertThatThrownBy(
            () -> flow().maxPending(1_000).policy(orders, policy().maxSize(2_000).build()).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("the policy of table 'orders'");
    assertThatThrownBy(
            () -> flow().maxPending(1_000).policy("sales", policy().maxSize(2_000).build()).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("the policy of table 'sales'");
  }

  @Test
  void theOrderFollowsTheStrategyUnlessGiven() {
    Schema plain = Schema.table("t").columns("id").build();
    Schema upsert =
        Schema.table("t")
            .columns("id", "a")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();

    assertThat(BatchPolicy.defaults().ordering(plain)).isEqualTo(Ordering.NONE);
    assertThat(BatchPolicy.defaults().ordering(upsert)).isEqualTo(Ordering.PER_KEY);
    assertThat(policy().ordering(Ordering.NONE).build().ordering(upsert)).isEqualTo(Ordering.NONE);
  }
}
