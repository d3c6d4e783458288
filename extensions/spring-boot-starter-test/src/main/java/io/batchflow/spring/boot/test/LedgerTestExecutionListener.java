package io.batchflow.spring.boot.test;

import io.batchflow.BatchFlow;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;
import reactor.core.publisher.Mono;

/** Resets the writer before each test, and checks after it that every row has its outcome. */
final class LedgerTestExecutionListener implements TestExecutionListener {

  private final Duration patience;

  LedgerTestExecutionListener() {
    this(Duration.ofSeconds(5));
  }

  LedgerTestExecutionListener(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void beforeTestMethod(TestContext test) {
    if (annotationOf(test) != null) {
      test.getApplicationContext()
          .getBeanProvider(RecordingWriter.class)
          .forEach(RecordingWriter::reset);
    }
  }

  @Override
  public void afterTestMethod(TestContext test) {
    AutoConfigureBatchFlow annotation = annotationOf(test);
    if (annotation != null && annotation.assertLedger() && test.getTestException() == null) {
      Collection<BatchFlow> flows =
          test.getApplicationContext().getBeansOfType(BatchFlow.class).values();
      flush(flows);
      flows.forEach(LedgerAssertions::assertBalanced);
    }
  }

  private void flush(Collection<BatchFlow> flows) {
    Mono.when(flows.stream().map(BatchFlow::flush).toList())
        .timeout(patience, Mono.empty())
        .block();
  }

  private static @Nullable AutoConfigureBatchFlow annotationOf(TestContext test) {
    return TestContextAnnotationUtils.findMergedAnnotation(
        test.getTestClass(), AutoConfigureBatchFlow.class);
  }
}
