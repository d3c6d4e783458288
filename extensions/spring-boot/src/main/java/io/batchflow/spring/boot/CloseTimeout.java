package io.batchflow.spring.boot;

import io.batchflow.spring.boot.lifecycle.ShutdownPhase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** How long a flow may take to close, so that it ends before Spring stops to wait. */
final class CloseTimeout {

  private CloseTimeout() {}

  static Duration of(String flow, @Nullable Duration configured, Environment environment) {
    ShutdownPhase phase = ShutdownPhase.of(environment);
    Duration longest = phase.longestClose();
    if (longest.isNegative() || longest.isZero()) {
      throw new FlowStartException(
          "%s is %d ms, which leaves a flow no time to close."
              .formatted(ShutdownPhase.KEY, phase.timeout().toMillis()),
          "Raise %s above %d ms.".formatted(ShutdownPhase.KEY, ShutdownPhase.MARGIN.toMillis()),
          null);
    }
    if (configured == null) {
      return longest;
    }
    if (configured.compareTo(longest) > 0) {
      String key = OptionKeys.of(flow, environment).key("close-timeout");
      throw new FlowStartException(
          "Spring would stop to wait before the flow '%s' is closed: %s is %d ms, and %s is %d ms."
              .formatted(
                  flow, key, configured.toMillis(), ShutdownPhase.KEY, phase.timeout().toMillis()),
          "Lower %s to at most %d ms, or raise %s."
              .formatted(key, longest.toMillis(), ShutdownPhase.KEY),
          null);
    }
    return configured;
  }
}
