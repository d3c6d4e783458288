package io.batchflow.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names both keys that contradict each other. */
final class CloseTimeoutFailureAnalyzer extends AbstractFailureAnalyzer<CloseTimeoutException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, CloseTimeoutException cause) {
    return new FailureAnalysis(
        "Spring would stop to wait before the flow is closed: " + cause.getMessage(),
        "Lower %s to at most %d ms, or raise %s."
            .formatted(
                CloseTimeout.KEY,
                Math.max(0, cause.phaseTimeout.minus(cause.margin).toMillis()),
                CloseTimeout.PHASE_KEY),
        cause);
  }
}
