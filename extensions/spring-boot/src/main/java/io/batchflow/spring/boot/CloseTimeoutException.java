package io.batchflow.spring.boot;

import java.time.Duration;

/** The flow could still be closing when Spring stops to wait for it. */
@SuppressWarnings("serial")
final class CloseTimeoutException extends IllegalStateException {

  final Duration phaseTimeout;
  final Duration margin;

  CloseTimeoutException(Duration closeTimeout, Duration phaseTimeout, Duration margin) {
    super(
        "%s is %d ms, and %s is %d ms. It must be at least %d ms longer."
            .formatted(
                CloseTimeout.KEY,
                closeTimeout.toMillis(),
                CloseTimeout.PHASE_KEY,
                phaseTimeout.toMillis(),
                margin.toMillis()));
    this.phaseTimeout = phaseTimeout;
    this.margin = margin;
  }
}
