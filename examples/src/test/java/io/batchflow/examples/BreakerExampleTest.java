package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** An example to copy from: a circuit breaker that protects a backend which is down. */
@Tag("server")
class BreakerExampleTest {

  /** A backend that may be down. Counts the writes that reach it. */
  private static final class Backend implements BatchWriter {

    final AtomicBoolean down = new AtomicBoolean();
    final AtomicInteger writes = new AtomicInteger();

    @Override
    public Mono<BatchResult> write(Batch batch) {
      return Mono.defer(
          () -> {
            writes.incrementAndGet();
            return down.get()
                ? Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT))
                : Mono.just(BatchResult.written(batch.size()));
          });
    }

    @Override
    public FailureClassifier failureClassifier() {
      return failure -> FailureKind.TRANSIENT;
    }
  }

  private static CircuitBreaker breaker(BatchWriter writer) {
    FailureClassifier classifier = writer.failureClassifier();
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .slidingWindowSize(10)
            .minimumNumberOfCalls(10)
            .waitDurationInOpenState(Duration.ofSeconds(1))
            .recordException(
                failure ->
                    classifier.classify(failure) == FailureKind.TRANSIENT
                        || classifier.classify(failure) == FailureKind.UNKNOWN)
            .build();
    return CircuitBreaker.of("orders", config);
  }

  private static BatchFlow flow(BatchWriter writer, CircuitBreaker breaker) {
    BatchFlow flow =
        BatchFlow.builder(
                writer.decorate(
                    (batch, write) -> write.transformDeferred(CircuitBreakerOperator.of(breaker))))
            .failureClassifier(
                failure ->
                    failure instanceof CallNotPermittedException
                        ? FailureKind.TRANSIENT
                        : writer.failureClassifier().classify(failure))
            .retry(Retry.backoff(1_000, Duration.ofMillis(10)).maxBackoff(Duration.ofMillis(50)))
            .defaultPolicy(BatchPolicy.builder().maxSize(1).build())
            .build();
    return flow;
  }

  @Test
  void rowsThatTheBreakerHoldsBackAreWrittenWhenItCloses() {
    Backend backend = new Backend();
    CircuitBreaker breaker = breaker(backend);
    BatchFlow flow = flow(backend, breaker);
    Schema schema = Schema.table("orders").columns("id").build();
    backend.down.set(true);
    AtomicInteger heldBack = new AtomicInteger();
    breaker.getEventPublisher().onStateTransition(event -> backend.down.set(false));
    breaker.getEventPublisher().onCallNotPermitted(event -> heldBack.incrementAndGet());

    Long written =
        flow.submitAll(Flux.range(0, 100).map(id -> schema.row().set("id", id)))
            .filter(outcome -> outcome.isWritten())
            .count()
            .block(Duration.ofMinutes(1));
    flow.close().block(Duration.ofMinutes(1));

    assertThat(written).isEqualTo(100);
    assertThat(heldBack).hasPositiveValue();
    // A hundred writes, and only the failed ones that the breaker let through.
    assertThat(backend.writes).hasValueBetween(100, 120);
    assertThat(flow.stats().retries()).isEqualTo(backend.writes.get() - 100L + heldBack.get());
  }
}
