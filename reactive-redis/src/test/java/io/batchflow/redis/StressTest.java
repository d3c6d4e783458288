package io.batchflow.redis;

import io.batchflow.jcstress.JcstressRun;
import org.junit.jupiter.api.Test;

class StressTest {

  @Test
  void noInterleavingBreaksTheWriter() throws Exception {
    JcstressRun.of(1_000, RowCommandStress.class, ReopenedStress.class);
  }
}
