package io.batchflow.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.test.RecordingWriter;
import java.lang.reflect.Method;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextManager;

/** What happens after a test that leaves a row without an outcome. */
class LedgerAfterEachTestTest {

  private final LedgerTestExecutionListener listener =
      new LedgerTestExecutionListener(Duration.ofMillis(10));
  private TestContext test;

  @AfterEach
  void release() {
    listener.beforeTestMethod(test);
  }

  @Test
  void theTestFails() throws Exception {
    leaveARow(Checked.class, null);

    assertThatThrownBy(() -> listener.afterTestMethod(test))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 submissions without an outcome");
  }

  @Test
  void aTestThatFailedKeepsItsOwnError() throws Exception {
    leaveARow(Checked.class, new AssertionError("its own"));

    assertThatCode(() -> listener.afterTestMethod(test)).doesNotThrowAnyException();
  }

  @Test
  void theCheckCanBeTurnedOff() throws Exception {
    leaveARow(Unchecked.class, null);

    assertThatCode(() -> listener.afterTestMethod(test)).doesNotThrowAnyException();
  }

  @Test
  void rowsInAWindowAreWrittenFirst() throws Exception {
    prepare(Lingering.class, null);
    Orders orders = new Orders(bean(BatchFlow.class));
    orders.place(1).subscribe();

    new LedgerTestExecutionListener().afterTestMethod(test);

    assertThat(bean(RecordingWriter.class).rows()).hasSize(1);
  }

  private void leaveARow(Class<?> type, Throwable failure) throws Exception {
    prepare(type, failure);
    bean(RecordingWriter.class).hold();
    new Orders(bean(BatchFlow.class)).place(1).subscribe();
  }

  private void prepare(Class<?> type, Throwable failure) throws Exception {
    test = new TestContextManager(type).getTestContext();
    Object instance = type.getDeclaredConstructor().newInstance();
    Method method = Object.class.getMethod("toString");
    test.updateState(instance, method, failure);
    listener.beforeTestMethod(test);
  }

  private <T> T bean(Class<T> type) {
    return test.getApplicationContext().getBean(type);
  }

  @BatchFlowTest
  static class Checked {}

  @BatchFlowTest(assertLedger = false)
  static class Unchecked {}

  @BatchFlowTest(
      properties = {
        "batchflow.defaults.policy.max-delay=1h",
        "batchflow.defaults.policy.linger-when-idle=true"
      })
  static class Lingering {}
}
