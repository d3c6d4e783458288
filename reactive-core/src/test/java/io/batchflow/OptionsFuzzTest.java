package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.batchflow.health.HealthPolicy;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The flow works with any option values, or rejects them by name. */
@Tag("fuzz")
class OptionsFuzzTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Schema SCHEMA = Schema.table("t").columns("id").build();

  private static final List<String> OPTIONS =
      List.of(
          "maxSize",
          "maxBytes",
          "maxDelay",
          "deliveryTimeout",
          "concurrency",
          "maxPending",
          "maxPendingBytes",
          "maxWaiters",
          "maxWait",
          "closeTimeout",
          "writeTimeout",
          "writeGrace",
          "retryBudget",
          "maxFullness",
          "maxAge",
          "downAfter");

  static Stream<Arguments> numbers() {
    return Stream.of(
        Arguments.of(1, 1L, 0L, 1L, 1.0),
        Arguments.of(1, 1L, 0L, 0L, 0.5),
        Arguments.of(1_000, 4L << 20, 10_000_000L, 30_000_000_000L, 0.8),
        Arguments.of(1_048_575, Long.MAX_VALUE, 86_400_000_000_000L, 86_400_000_000_000L, 0.1),
        Arguments.of(1_024, 1_024L, 0L, Long.MAX_VALUE, Double.NaN),
        Arguments.of(Integer.MAX_VALUE, Long.MIN_VALUE, -1L, 0L, Double.MIN_VALUE),
        Arguments.of(0, 0L, 0L, 0L, 0.0));
  }

  @MethodSource("numbers")
  @FuzzTest
  void aPolicyOfAnyNumbersWorksOrIsRejected(
      int rows, long bytes, long delay, long timeout, double part) {
    works(
        writer ->
            BatchFlow.builder(writer)
                .defaultPolicy(
                    BatchPolicy.builder()
                        .maxSize(rows)
                        .maxBytes(bytes)
                        .maxDelay(Duration.ofNanos(delay))
                        .deliveryTimeout(Duration.ofNanos(timeout))
                        .concurrency(rows)
                        .build())
                .healthPolicy(
                    HealthPolicy.builder()
                        .maxFullness(part)
                        .maxAge(Duration.ofNanos(timeout))
                        .downAfter(Duration.ofNanos(timeout))
                        .build()));
  }

  @MethodSource("numbers")
  @FuzzTest
  void aFlowOfAnyNumbersWorksOrIsRejected(
      int count, long bytes, long time, long other, double unused) {
    works(
        writer ->
            BatchFlow.builder(writer)
                .defaultPolicy(BatchPolicy.builder().maxSize(1).maxBytes(1).build())
                .concurrency(Math.min(count, 1_024))
                .maxPending(count)
                .maxPendingBytes(bytes)
                .maxWaiters(Math.min(count, Short.MAX_VALUE))
                .maxWait(Duration.ofNanos(time))
                .closeTimeout(Duration.ofNanos(Math.max(other, 10_000_000_000L)))
                .writeTimeout(Duration.ofNanos(Math.max(other, 10_000_000_000L)))
                .writeGrace(Duration.ofNanos(time))
                .retryBudget(count, Duration.ofNanos(time)));
  }

  /** Every row ends within its deadline and that of the flow, and the ledger balances. */
  private static void works(Function<BatchWriter, BatchFlow.Builder> options) {
    RecordingWriter writer = RecordingWriter.create();
    BatchFlow flow;
    try {
      flow = options.apply(writer).build();
    } catch (InvalidConfigurationException rejected) {
      assertThat(rejected.option()).isIn(OPTIONS);
      assertThat(rejected).hasMessageContaining("'" + rejected.option() + "'").hasNoCause();
      return;
    }
    var outcome = flow.submit(SCHEMA.row().set("id", 1)).materialize().toFuture();
    flow.close().block(PATIENCE);
    var end = outcome.join();
    assertThat(end.isOnNext() || end.getThrowable() instanceof RowExpiredException).isTrue();
    assertThat(writer.rows()).hasSize(end.isOnNext() ? 1 : 0);
    assertThat(flow.stats().ledger().admitted()).isEqualTo(1);
    assertThat(flow.health().status()).isNotNull();
  }
}
