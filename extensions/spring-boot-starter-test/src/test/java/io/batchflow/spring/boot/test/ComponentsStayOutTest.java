package io.batchflow.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

@BatchFlowTest
class ComponentsStayOutTest {

  @Autowired private ApplicationContext context;

  @Test
  void theContextHasOneFlowAndNoComponentOfTheApplication() {
    assertThat(context.getBeanNamesForType(BatchFlow.class)).containsExactly("batchFlow");
    assertThat(context.getBeanNamesForType(Orders.class)).isEmpty();
  }
}
