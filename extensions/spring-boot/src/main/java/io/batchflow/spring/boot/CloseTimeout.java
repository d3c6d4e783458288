package io.batchflow.spring.boot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** How long the flow may take to close, so that it ends before Spring stops to wait. */
final class CloseTimeout {

  static final String KEY = "batchflow.defaults.close-timeout";
  static final String PHASE_KEY = "spring.lifecycle.timeout-per-shutdown-phase";

  private static final Duration MARGIN = Duration.ofSeconds(2);
  private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

  private CloseTimeout() {}

  static Duration of(@Nullable Duration configured, Environment environment) {
    Duration phase = environment.getProperty(PHASE_KEY, Duration.class, DEFAULT_PHASE_TIMEOUT);
    Duration longest = phase.minus(MARGIN);
    Duration timeout = configured == null ? longest : configured;
    if (timeout.compareTo(longest) > 0 || longest.isNegative() || longest.isZero()) {
      throw new CloseTimeoutException(timeout, phase, MARGIN);
    }
    return timeout;
  }
}
