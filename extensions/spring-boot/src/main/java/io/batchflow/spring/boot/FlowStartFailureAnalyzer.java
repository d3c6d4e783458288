package io.batchflow.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong and what to do, instead of a stack trace. */
final class FlowStartFailureAnalyzer extends AbstractFailureAnalyzer<FlowStartException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, FlowStartException cause) {
    return new FailureAnalysis(cause.description, cause.action, cause);
  }
}
