package io.batchflow;

import io.batchflow.audit.AuditStress;
import io.batchflow.micrometer.MetersStress;
import io.batchflow.testservers.JcstressRun;
import org.junit.jupiter.api.Test;

class StressTest {

  @Test
  void noInterleavingBreaksTheEngine() throws Exception {
    JcstressRun.of(
        1_500,
        IntakeStress.class,
        SubmitStress.class,
        StreamStress.class,
        CloseStress.class,
        LoopStress.class,
        LogStress.class,
        StatsStress.class,
        MetersStress.class,
        AuditStress.class);
  }
}
