package io.batchflow.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.r2dbc.test.autoconfigure.DataR2dbcTest;
import org.springframework.context.annotation.Import;
import org.springframework.r2dbc.core.DatabaseClient;

@DataR2dbcTest
@Import(Orders.class)
class DataR2dbcTestWithFlowTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Autowired private Orders orders;
  @Autowired private DatabaseClient database;

  @Test
  void theFlowWritesToTheDatabase() {
    database.sql("CREATE TABLE orders (id BIGINT PRIMARY KEY)").then().block(PATIENCE);

    orders.place(7).block(PATIENCE);

    assertThat(
            database
                .sql("SELECT id FROM orders")
                .mapValue(Long.class)
                .all()
                .collectList()
                .block(PATIENCE))
        .containsExactly(7L);
  }
}
