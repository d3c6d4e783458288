package io.batchflow.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.RowRejectedException;
import io.batchflow.test.RecordingWriter;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import reactor.test.StepVerifier;

@BatchFlowTest
@Import(Orders.class)
class OrdersTest {

  @Autowired private Orders orders;
  @Autowired private RecordingWriter writer;

  @Test
  void anOrderIsARow() {
    orders.place(1).block();

    assertThat(writer.rows()).extracting(row -> row.value("id")).containsExactly(1L);
  }

  @Test
  void anOrderOfABadCustomerFails() {
    writer.rejecting(row -> true);

    StepVerifier.create(orders.place(1)).verifyError(RowRejectedException.class);
  }
}
