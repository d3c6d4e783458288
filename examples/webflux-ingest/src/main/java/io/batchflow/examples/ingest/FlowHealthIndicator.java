package io.batchflow.examples.ingest;

import io.batchflow.BatchFlow;
import io.batchflow.FlowStats;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Out of service while events wait too long: the database is down, or far behind. */
@Component
class FlowHealthIndicator implements ReactiveHealthIndicator {

  private static final Duration TOO_LONG = Duration.ofSeconds(10);

  private final BatchFlow flow;

  FlowHealthIndicator(BatchFlow flow) {
    this.flow = flow;
  }

  @Override
  public Mono<Health> health() {
    return Mono.fromSupplier(
        () -> {
          FlowStats stats = flow.stats();
          boolean late = stats.oldestAge().compareTo(TOO_LONG) > 0;
          return (late ? Health.outOfService() : Health.up())
              .withDetail("oldestAge", stats.oldestAge().toString())
              .withDetail("queued", stats.queued())
              .withDetail("inFlight", stats.inFlight())
              .withDetail("ledger", stats.ledger())
              .build();
        });
  }
}
