package io.batchflow.jdbc;

import io.batchflow.testservers.JcstressRun;
import org.junit.jupiter.api.Test;

class StressTest {

  @Test
  void noInterleavingBreaksTheQueue() throws Exception {
    JcstressRun.of(500, JdbcQueueStress.class);
  }
}
