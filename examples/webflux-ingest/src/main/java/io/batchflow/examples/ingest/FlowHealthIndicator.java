package io.batchflow.examples.ingest;

import io.batchflow.FlowView;
import io.batchflow.health.FlowHealth;
import io.batchflow.stats.FlowStats;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Reports the flow's health to Spring, for readiness but never for liveness: see docs/health.md.
 */
@Component
class FlowHealthIndicator implements ReactiveHealthIndicator {

  private final FlowView flow;

  FlowHealthIndicator(FlowView flow) {
    this.flow = flow;
  }

  @Override
  public Mono<Health> health() {
    return Mono.fromSupplier(
        () -> {
          FlowHealth health = flow.health();
          FlowStats stats = flow.stats();
          return Health.status(health.status().name())
              .withDetail("reasons", health.reasons())
              .withDetail("failingTables", health.failingTables())
              .withDetail("oldestAge", stats.oldestAge().toString())
              .withDetail("queued", stats.queued())
              .withDetail("inFlight", stats.inFlight())
              .withDetail("ledger", stats.ledger())
              .build();
        });
  }
}
