package io.batchflow.spring.boot.actuate;

import io.batchflow.FlowView;
import io.batchflow.health.FlowHealth;
import io.batchflow.stats.FlowStats;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/** Reports the health of one flow. Its details hold no values of rows. */
final class FlowHealthIndicator implements ReactiveHealthIndicator {

  private final FlowView flow;

  FlowHealthIndicator(FlowView flow) {
    this.flow = flow;
  }

  @Override
  public Mono<Health> health() {
    return Mono.fromSupplier(this::now);
  }

  private Health now() {
    FlowHealth health = flow.health();
    FlowStats stats = flow.stats();
    Health.Builder builder =
        Health.status(health.status().name())
            .withDetail("reasons", health.reasons())
            .withDetail("failingTables", health.failingTables())
            .withDetail("oldestAge", stats.oldestAge().toString())
            .withDetail("waiting", stats.waiting())
            .withDetail("queued", stats.queued())
            .withDetail("inFlight", stats.inFlight())
            .withDetail("ledger", stats.ledger());
    if (health.failingSince() != null) {
      builder.withDetail("failingSince", health.failingSince());
    }
    return builder.build();
  }
}
