package io.batchflow.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** There is a database, and the flow does not use it. */
@SpringBootTest
@AutoConfigureBatchFlow
class WholeApplicationTest {

  @Autowired private Orders orders;
  @Autowired private RecordingWriter writer;

  @Test
  void aWholeApplicationWritesIntoMemory() {
    orders.place(1).block(Duration.ofSeconds(30));

    assertThat(writer.rows()).hasSize(1);
  }
}
