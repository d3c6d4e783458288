package io.batchflow.spring.boot.actuate;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes Spring Boot rank the status DEGRADED, which it does not know, between out of service and
 * up. Every other source of the property wins.
 */
final class DegradedStatusOrder implements EnvironmentPostProcessor, Ordered {

  static final String KEY = "management.endpoint.health.status.order";
  static final String VALUE = "down,out-of-service,degraded,up,unknown";

  private static final String SOURCE = "batchflow";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    environment.getPropertySources().addLast(new MapPropertySource(SOURCE, Map.of(KEY, VALUE)));
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
