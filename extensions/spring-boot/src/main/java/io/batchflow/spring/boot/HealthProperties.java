package io.batchflow.spring.boot;

import io.batchflow.health.HealthPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;

/**
 * The limits of a healthy flow.
 *
 * @param maxFullness Share of the flow's room that may be used, from 0 to 1. Above it the flow is
 *     degraded.
 * @param maxAge Longest time that a row may go without an outcome before the flow is degraded.
 * @param downAfter Time after which a flow is down if all writes fail.
 */
public record HealthProperties(
    @Nullable Double maxFullness, @Nullable Duration maxAge, @Nullable Duration downAfter) {

  void applyTo(HealthPolicy.Builder builder) {
    PropertyMapper map = PropertyMapper.get();
    map.from(maxFullness).to(builder::maxFullness);
    map.from(maxAge).to(builder::maxAge);
    map.from(downAfter).to(builder::downAfter);
  }
}
