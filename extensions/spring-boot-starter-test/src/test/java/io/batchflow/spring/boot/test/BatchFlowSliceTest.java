package io.batchflow.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.FailureKind;
import io.batchflow.test.RecordingWriter;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import reactor.test.StepVerifier;

@BatchFlowTest(properties = "batchflow.flows.sales.retry.max-retries=0")
@Import(Orders.class)
class BatchFlowSliceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Autowired private Orders orders;
  @Autowired private RecordingWriter writer;

  @RepeatedTest(2)
  void eachTestBeginsWithAnEmptyWriter() {
    orders.place(1).block(PATIENCE);

    assertThat(writer.rows()).extracting(row -> row.value("id")).containsExactly(1L);
  }

  @RepeatedTest(2)
  void theWriterFailsAsTheTestSays() {
    writer.failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));

    StepVerifier.create(orders.place(1)).expectError().verify(PATIENCE);
    StepVerifier.create(orders.place(2)).expectNextCount(1).expectComplete().verify(PATIENCE);
  }

  @Test
  void theContextHasTheFlowsOfThePropertiesAndNoDatabase(@Autowired ApplicationContext context) {
    assertThat(context.getBeanNamesForType(BatchFlow.class)).containsExactly("sales");
    assertThat(context.getBeanNamesForType(ConnectionFactory.class)).isEmpty();
  }
}
