package io.batchflow.spring.boot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** How long a flow may take to close, so that it ends before Spring stops to wait. */
final class CloseTimeout {

  static final String PHASE_KEY = "spring.lifecycle.timeout-per-shutdown-phase";

  private static final Duration MARGIN = Duration.ofSeconds(2);
  private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

  private CloseTimeout() {}

  static Duration of(String flow, @Nullable Duration configured, Environment environment) {
    Duration phase = environment.getProperty(PHASE_KEY, Duration.class, DEFAULT_PHASE_TIMEOUT);
    Duration longest = phase.minus(MARGIN);
    if (longest.isNegative() || longest.isZero()) {
      throw new FlowStartException(
          "%s is %d ms, which leaves a flow no time to close."
              .formatted(PHASE_KEY, phase.toMillis()),
          "Raise %s above %d ms.".formatted(PHASE_KEY, MARGIN.toMillis()),
          null);
    }
    if (configured == null) {
      return longest;
    }
    if (configured.compareTo(longest) > 0) {
      String key = OptionKeys.of(flow, environment).key("close-timeout");
      throw new FlowStartException(
          "Spring would stop to wait before the flow '%s' is closed: %s is %d ms, and %s is %d ms."
              .formatted(flow, key, configured.toMillis(), PHASE_KEY, phase.toMillis()),
          "Lower %s to at most %d ms, or raise %s.".formatted(key, longest.toMillis(), PHASE_KEY),
          null);
    }
    return configured;
  }
}
