package io.batchflow;

import io.batchflow.testservers.JcstressRun;
import org.junit.jupiter.api.Test;

class StressTest {

  @Test
  void noInterleavingBreaksTheEngine() throws Exception {
    JcstressRun.of(
        500, IntakeStress.class, SubmitStress.class, StreamStress.class, CloseStress.class);
  }
}
