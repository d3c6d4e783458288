package io.batchflow;

import io.batchflow.audit.AuditStress;
import io.batchflow.jcstress.JcstressRun;
import io.batchflow.micrometer.MetersStress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("stress")
class StressTest {

  /** Whole engines, which take longer to make than to stress. */
  @Test
  void noInterleavingBreaksTheEngine() throws Exception {
    JcstressRun.of(
        3_000, SubmitStress.class, StreamStress.class, CloseStress.class, RestStress.class);
  }

  @Test
  void noInterleavingBreaksItsParts() throws Exception {
    JcstressRun.of(
        1_000,
        IntakeStress.class,
        LoopStress.class,
        LogStress.class,
        StatsStress.class,
        MetersStress.class,
        AuditStress.class);
  }
}
